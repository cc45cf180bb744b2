import { Button, Skeleton, Stack } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Contact, ResourceProblem } from '@/api/types';
import { dayIn } from '@/lib/dates';
import { useFormat } from '@/lib/locale';
import { Card } from '@/ui/card';
import { Page } from '@/ui/page';
import { ProblemNote, ProblemNotes } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { useAnchor } from '@/ui/use-anchor';
import { useOverlay } from '@/ui/use-overlay';
import { contactQuery } from './api';
import { ContactAnswers } from './contact-answers';
import { ContactDetails } from './contact-details';
import { ContactForm, isFieldName } from './contact-form';
import { ContactHistory } from './contact-history';
import { ContactInvoices } from './contact-invoices';
import { LinkCard } from './link-card';
import { ROLE_LABELS } from './words';

const BACK = { to: '/contacts', label: 'Contacts' };

/** One contact: who it is in Xero, its invoices, details and history. */
export function ContactPage({ id }: { id: string }) {
  const contact = useQuery(contactQuery(id));
  const form = useOverlay('contact');
  const field = useFieldOf(contact.data !== undefined, form.open);
  if (!contact.data) {
    return (
      <Page title="Contact" back={BACK}>
        {contact.isPending && <Skeleton h={240} radius="md" />}
        {contact.isError && (
          <ProblemNote
            error={contact.error}
            title="This contact didn’t load"
            onRetry={() => contact.refetch()}
          />
        )}
      </Page>
    );
  }
  const ours = contact.data;
  return (
    <Page
      title={ours.display_name}
      back={BACK}
      mark={<StateMark of="contact" state={ours.sync_state} />}
      intro={<Intro contact={ours} />}
      actions={
        <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={form.open}>
          Edit
        </Button>
      }
      aside={
        <Stack gap="lg">
          <ContactDetails contact={ours} />
          <ContactHistory id={id} />
        </Stack>
      }
    >
      <Content contact={ours} />
      {form.opened && <ContactForm contact={ours} focus={field} onClose={form.close} />}
    </Page>
  );
}

/** What the card about Xero says and fixes by itself. */
const SAID_BY_LINK = new Set(['contact_unsure', 'contact_archived', 'contact_differs']);

function Content({ contact }: { contact: Contact }) {
  useAnchor();
  const [problems, remarks] = [contact.problems, contact.remarks].map((all) =>
    all
      .filter(({ code }) => !SAID_BY_LINK.has(code))
      .map((one) => ({ ...one, fix: fixHere(one, contact.id) })),
  ) as [ResourceProblem[], ResourceProblem[]];
  return (
    <Stack gap="lg">
      {problems.length + remarks.length > 0 && (
        <Card title={problems.length > 0 ? 'What to fix' : 'What to look at'}>
          <ProblemNotes
            problems={problems}
            remarks={remarks}
            cureOf={(problem) =>
              problem.choices.length > 0 ? (
                <ContactAnswers contactId={contact.id} problem={problem} />
              ) : undefined
            }
          />
        </Card>
      )}
      <LinkCard contact={contact} />
      <ContactInvoices contact={contact} />
    </Stack>
  );
}

/** The fix of a problem, unless it only leads to the page that is open. */
function fixHere({ fix }: ResourceProblem, id: string) {
  const leadsHere = fix?.href === `/contacts/${id}` || fix?.href.startsWith('/contacts?');
  return leadsHere ? null : fix;
}

function Intro({ contact }: { contact: Contact }) {
  const format = useFormat();
  const since = format.day(dayIn(new Date(contact.created_at), format.timeZone));
  return (
    <>
      {contact.roles.map((role) => ROLE_LABELS[role]).join(', ')} · {contact.kind} · here since {since}
    </>
  );
}

/** The field that the address names after "#": a problem's fix opens the form at it. */
function useFieldOf(isLoaded: boolean, open: () => void): string | undefined {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const field = isFieldName(hash) ? hash : undefined;
  const opened = useRef<string>(undefined);
  useEffect(() => {
    if (!isLoaded || field === undefined || opened.current === field) return;
    opened.current = field;
    open();
  }, [isLoaded, field, open]);
  return field;
}
