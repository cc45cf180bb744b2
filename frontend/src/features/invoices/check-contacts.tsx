import { Button, Skeleton, UnstyledButton } from '@mantine/core';
import { IconCirclePlus, IconUserQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { linkQuery } from '@/api/contact-links';
import type { CheckedContact, ContactLink } from '@/api/types';
import { type Format, useFormat } from '@/lib/locale';
import { sumWords } from '@/lib/sum-words';
import { HrefLink } from '@/ui/app-link';
import { ContactChoice } from '@/ui/matching/contact-choice';
import { useChoice } from '@/ui/matching/use-choice';
import { agreesWords, decidedWords, differsWords } from '@/ui/matching/words';
import { ProblemNote } from '@/ui/problem-note';
import './check-contacts.css';

type Props = { contacts: readonly CheckedContact[]; busy: boolean; onDecided: () => void };

/** Whom in Xero the invoices go to: first those that somebody has to choose, then the rest, new contacts last. */
export function CheckContacts({ contacts, busy, onDecided }: Props) {
  const unsure = contacts.filter(({ how }) => how === 'unsure');
  const known = contacts.filter(({ how }) => how !== 'unsure' && how !== 'new');
  const noted = contacts.filter((contact) => contact.how === 'new' && deservesALook(contact));
  const fresh = contacts.filter((contact) => contact.how === 'new' && !deservesALook(contact));
  return (
    <div className="check-contacts">
      {unsure.map((contact) => (
        <WhoIs key={contact.contact_id} contact={contact} busy={busy} onDecided={onDecided} />
      ))}
      {known.length + noted.length + fresh.length > 0 && (
        <table className="mini-table check-goes" aria-label="Who these go to">
          <thead>
            <tr>
              <th scope="col">Here</th>
              <th scope="col">Goes to in Xero</th>
              <th scope="col">How we know</th>
              <th scope="col" data-amount>
                Invoices
              </th>
              <th scope="col" data-amount>
                Total
              </th>
            </tr>
          </thead>
          <tbody>
            {known.map((contact) => (
              <Known key={contact.contact_id} contact={contact} />
            ))}
            {noted.map((contact) => (
              <NewWithNote key={contact.contact_id} contact={contact} />
            ))}
            {fresh.length > 0 && <New contacts={fresh} />}
          </tbody>
        </table>
      )}
    </div>
  );
}

function WhoIs({ contact, ...rest }: { contact: CheckedContact } & Omit<Props, 'contacts'>) {
  const link = useQuery(linkQuery(contact.contact_id));
  return (
    <section className="who-is" aria-label={`Who is ${contact.name}?`}>
      <p className="who-is-title">
        <IconUserQuestion size={18} stroke={1.8} aria-hidden />
        Who is {contact.name}?
      </p>
      {link.isPending && <Skeleton h={120} />}
      {link.isError && <ProblemNote error={link.error} onRetry={() => link.refetch()} />}
      {link.data && <Question contact={contact} link={link.data} {...rest} />}
    </section>
  );
}

type QuestionProps = { contact: CheckedContact; link: ContactLink } & Omit<Props, 'contacts'>;

function Question({ contact, link, busy, onDecided }: QuestionProps) {
  const choice = useChoice(contact.contact_id, link, onDecided);
  return (
    <>
      <ContactChoice contactId={contact.contact_id} name={contact.name} link={link} choice={choice} />
      {choice.error && <ProblemNote error={choice.error} />}
      <div className="who-is-foot">
        <Button
          size="xs"
          variant="default"
          disabled={!choice.canDecide || busy}
          loading={choice.deciding}
          onClick={choice.decide}
        >
          {choice.chosen === 'new' ? 'Make a new contact' : 'Use this one'}
        </Button>
      </div>
    </>
  );
}

function Known({ contact }: { contact: CheckedContact }) {
  const format = useFormat();
  const differs = differsWords(contact.differs);
  return (
    <tr>
      <td>{contact.name}</td>
      <td className="goes-to">{contact.goes_to ?? contact.name}</td>
      <td>
        <How contact={contact} />
        {differs && <span className="goes-differs">{differs}</span>}
        <Remarks contact={contact} />
      </td>
      <Sums contacts={[contact]} format={format} />
    </tr>
  );
}

function How({ contact }: { contact: CheckedContact }) {
  if (contact.how === 'archived') {
    return (
      <span className="goes-differs">
        Archived in Xero <HrefLink href={`/contacts/${contact.contact_id}#link`}>Open the contact</HrefLink>
      </span>
    );
  }
  if (contact.how === 'unchecked') return 'Decided when it is exported';
  return decidedWords(contact);
}

const deservesALook = ({ possible_duplicates, remarks }: CheckedContact) =>
  possible_duplicates.length + remarks.length > 0;

/** A contact that will be created although Xero may have it. */
function NewWithNote({ contact }: { contact: CheckedContact }) {
  const format = useFormat();
  const alike = contact.possible_duplicates.map(
    ({ name, agrees }) => `${name} (${agreesWords(agrees)?.toLowerCase() ?? 'similar name'})`,
  );
  return (
    <tr>
      <td>{contact.name}</td>
      <td className="goes-to">New in Xero</td>
      <td>
        {alike.length > 0 && (
          <span className="goes-differs">
            May be there already: {alike.join(', ')}.{' '}
            <HrefLink href={`/contacts/${contact.contact_id}#link`}>Choose</HrefLink>
          </span>
        )}
        <Remarks contact={contact} />
      </td>
      <Sums contacts={[contact]} format={format} />
    </tr>
  );
}

const Remarks = ({ contact }: { contact: CheckedContact }) =>
  contact.remarks.map(({ code, detail }) => (
    <span key={code} className="goes-differs">
      {detail}
    </span>
  ));

const SHOWN = 3;

/** The contacts that will be created, as one row that opens. */
function New({ contacts }: { contacts: readonly CheckedContact[] }) {
  const format = useFormat();
  const [opened, setOpened] = useState(false);
  const shown = opened || contacts.length <= SHOWN + 1 ? contacts : contacts.slice(0, SHOWN);
  const more = contacts.length - shown.length;
  return (
    <tr>
      <td>
        <span className="goes-new">
          <IconCirclePlus size={16} stroke={1.8} aria-hidden />
          <span>
            {shown.map(({ name }) => name).join(', ')}{' '}
            {more > 0 && (
              <UnstyledButton className="text-link" aria-expanded={opened} onClick={() => setOpened(true)}>
                and {format.number(more)} more
              </UnstyledButton>
            )}
          </span>
        </span>
      </td>
      <td className="goes-to">New in Xero</td>
      <td>No such name, e-mail or number there</td>
      <Sums contacts={contacts} format={format} />
    </tr>
  );
}

function Sums({ contacts, format }: { contacts: readonly CheckedContact[]; format: Format }) {
  const invoices = contacts.reduce((sum, contact) => sum + contact.invoices, 0);
  return (
    <>
      <td data-amount data-unit={invoices === 1 ? ' invoice' : ' invoices'}>
        {format.number(invoices)}
      </td>
      <td data-amount>
        {sumWords(
          contacts.flatMap(({ totals }) => totals),
          format,
        )}
      </td>
    </>
  );
}
