import { useQuery } from '@tanstack/react-query';
import { linkQuery } from '@/api/contact-links';
import type { CheckedContact, ContactLink, Invoice } from '@/api/types';
import { dayIn } from '@/lib/dates';
import { useFormat } from '@/lib/locale';
import { HrefLink } from '@/ui/app-link';
import { decidedWords, listed } from '@/ui/matching/words';
import { destinationQuery } from './api';
import { isInXero } from './tickable';

/** Whom in Xero it goes to, and how that was decided. */
export function GoesTo({ invoice }: { invoice: Invoice }) {
  const { contact_id, contact_name } = invoice;
  const link = useQuery(linkQuery(contact_id)).data;
  const isOpen = link?.state === 'none' || link?.state === 'elsewhere';
  const enabled = isOpen && !isInXero(invoice);
  const checked = useQuery({ ...destinationQuery(invoice.id), enabled }).data;
  const format = useFormat();
  if (!link) return <span className="soft">{contact_name}</span>;
  if (isOpen) return <Expected name={contact_name} contact={checked ?? null} />;
  const { decided_at } = link;
  const { name, how } = goesTo(link, decided_at && format.day(dayIn(new Date(decided_at), format.timeZone)));
  const isUndecided = link.state === 'unsure' || link.state === 'archived';
  return (
    <>
      {name}{' '}
      {isUndecided ? (
        <HrefLink href={`/contacts/${contact_id}#link`}>Choose</HrefLink>
      ) : (
        <span className="invoice-how">{how}</span>
      )}
    </>
  );
}

/** A contact that the export creates, in the words of all parts of the panel. */
export const newInXero = (name: string) => `${name}, new in Xero`;

/** Where a contact without a link goes by what the check says of it. */
function Expected({ name, contact }: { name: string; contact: CheckedContact | null }) {
  if (contact?.how === 'will_link') {
    return (
      <>
        {contact.goes_to ?? name} <span className="invoice-how">{lowered(decidedWords(contact))}</span>
      </>
    );
  }
  if (contact?.how !== 'new') return 'Decided when it is exported';
  const alike = contact.possible_duplicates.map((one) => one.name);
  return (
    <>
      {newInXero(name)}
      {alike.length > 0 && (
        <span className="invoice-similar">
          Xero has {alike.length === 1 ? 'a similar contact' : 'similar contacts'}: {listed(alike)}.{' '}
          <HrefLink href={`/contacts/${contact.contact_id}#link`}>Choose</HrefLink>
        </span>
      )}
    </>
  );
}

function goesTo(link: ContactLink, decidedOn: string | null) {
  const { state, xero_contact: contact } = link;
  if (state === 'linked' && contact) {
    return { name: contact.name, how: lowered(decidedWords({ ...link, decidedOn })) };
  }
  const names: Partial<Record<ContactLink['state'], string>> = {
    creating: 'New contact',
    linked: 'Linked',
    unsure: 'More than one contact could be it.',
    archived: 'The contact is archived there.',
  };
  return { name: names[state], how: state === 'creating' ? link.new_name : '' };
}

const lowered = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);
