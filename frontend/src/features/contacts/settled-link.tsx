import { Button, Group, Modal, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useUnlink } from '@/api/contact-links';
import type { Contact, ContactLink } from '@/api/types';
import { dayIn } from '@/lib/dates';
import { useFormat } from '@/lib/locale';

import { DifferenceTable } from '@/ui/matching/difference-table';
import { comingLink } from '@/ui/matching/use-choice';
import { agreesWords, decidedWords } from '@/ui/matching/words';
import { ProblemNote } from '@/ui/problem-note';
import { useOverlay } from '@/ui/use-overlay';
import { DuplicatesNote } from './duplicates-note';

type Props = { contact: Contact; link: ContactLink; onChange: () => void };

/** A link that needs no choice: what it is and how that is known, with the ways to change it. */
export function Settled({ contact, link, onChange }: Props) {
  const { xero_contact: theirs, differences, state } = link;
  const unequal = differences.filter(({ effect }) => effect !== 'equal');
  return (
    <div className="card-flush">
      <div className="link-settled">
        <span className="link-settled-words">
          <SettledWords link={link} />
        </span>
        <Group gap="xs">
          {theirs?.external_url && <OpenInXero href={theirs.external_url} />}
          {theirs && <Unlink contact={contact} name={theirs.name} />}
          {state !== 'creating' && (
            <Button size="xs" variant="default" onClick={onChange}>
              {theirs || comingLink(link) ? 'Change' : 'Link to one in Xero'}
            </Button>
          )}
        </Group>
      </div>
      {link.problem && (
        <div className="link-problem">
          <ProblemNote problem={{ ...link.problem, fix: null }} />
        </div>
      )}
      <DuplicatesNote link={link} onLook={onChange} />
      {theirs && unequal.length > 0 && <DifferenceTable theirs={theirs.name} differences={unequal} linked />}
    </div>
  );
}

function SettledWords({ link }: { link: ContactLink }) {
  const format = useFormat();
  const { decided_at, xero_contact: theirs, new_name } = link;
  const coming = comingLink(link);
  const decidedOn = decided_at && format.shortDay(dayIn(new Date(decided_at), format.timeZone));
  switch (link.state) {
    case 'linked':
      return (
        <>
          {decidedWords({ ...link, decidedOn })}
          {theirs?.email && <span className="choice-about">{theirs.email}</span>}
        </>
      );
    case 'archived':
      return <>Restore {theirs?.name ?? 'it'} in Xero and look again, or link to another contact.</>;
    case 'creating':
      return <>It goes in as “{new_name}”. This takes a moment.</>;
    case 'elsewhere':
      return (
        <>In the organisation that is connected now it is matched again with its next invoice or push.</>
      );
    default:
      if (coming) {
        return (
          <>
            {agreesWords(coming.agrees)}. It is linked with its first invoice or the next push.
            {coming.xero_contact.email && <span className="choice-about">{coming.xero_contact.email}</span>}
          </>
        );
      }
      return <>It is created as “{new_name}” with its first invoice or the next push.</>;
  }
}

function OpenInXero({ href }: { href: string }) {
  return (
    <Button
      size="xs"
      variant="default"
      component="a"
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      rightSection={<IconExternalLink size={14} aria-hidden />}
    >
      Open in Xero
    </Button>
  );
}

function Unlink({ contact, name }: { contact: Contact; name: string }) {
  const dialog = useOverlay('unlink');
  const unlink = useUnlink(contact.id);
  return (
    <>
      <Button size="xs" variant="default" onClick={dialog.open}>
        Unlink
      </Button>
      <Modal opened={dialog.opened} onClose={dialog.close} title={`Unlink from ${name}?`} centered>
        <Text fz="sm">
          {contact.display_name} is matched again before its next invoice goes. What was sent stays with{' '}
          {name} in Xero, and nothing changes there.
        </Text>
        {unlink.isError && <ProblemNote error={unlink.error} />}
        <Group mt="lg" justify="end" gap="sm">
          <Button variant="default" data-autofocus onClick={dialog.close}>
            Keep the link
          </Button>
          <Button
            loading={unlink.isPending}
            onClick={() => unlink.mutate(undefined, { onSuccess: dialog.close })}
          >
            Unlink
          </Button>
        </Group>
      </Modal>
    </>
  );
}
