import { Button, Tabs, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Contact, Role } from '@/api/types';
import { IndexEmpty, IndexPage, IndexSkeleton } from '@/ui/index-page';
import { FirstProblem, ProblemNote } from '@/ui/problem-note';
import { SearchBox } from '@/ui/search-box';
import { StateMark } from '@/ui/state-mark';
import { contactsQuery } from './api';
import { ContactForm } from './contact-form';
import { ROLE_LABELS, ROLE_TABS, SYNC_FACES } from './words';
import './contacts-page.css';

export type ContactsSearch = { role?: Role; q?: string };

type Props = { search: ContactsSearch; onSearch: (change: Partial<ContactsSearch>) => void };

/** Customers, suppliers and contractors, and how each of them stands with Xero. */
export function ContactsPage({ search, onSearch }: Props) {
  const contacts = useInfiniteQuery(contactsQuery(search));
  const rows = contacts.data?.pages.flatMap((page) => page.items) ?? [];
  const [edited, setEdited] = useState<Contact | 'new' | null>(null);
  const filtered = Boolean(search.q || search.role);
  return (
    <IndexPage
      title="Contacts"
      intro="Customers, suppliers and contractors."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
          Add contact
        </Button>
      }
    >
      <Tabs
        value={search.role ?? 'all'}
        onChange={(role) => onSearch({ role: role === 'all' ? undefined : (role as Role) })}
        className="index-tabs"
      >
        <Tabs.List aria-label="Roles">
          {ROLE_TABS.map(([value, label]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className="index-filters">
        <SearchBox
          label="Search contacts"
          placeholder="Name or e-mail"
          value={search.q ?? ''}
          onChange={(q) => onSearch({ q: q || undefined })}
        />
      </div>
      <div className="index-scroll">
        {contacts.isPending && <IndexSkeleton />}
        {contacts.isError && <ProblemNote error={contacts.error} onRetry={() => contacts.refetch()} />}
        {contacts.isSuccess && rows.length === 0 && (
          <IndexEmpty title={filtered ? 'Nothing matches' : 'No contacts yet'}>
            {!filtered && 'Add one here, or they come with the invoices of your job system.'}
          </IndexEmpty>
        )}
        {rows.length > 0 && (
          <table className="index contacts">
            <thead>
              <tr>
                <th data-cell="title">Name</th>
                <th data-cell="sub">E-mail</th>
                <th data-cell="extra">Phone</th>
                <th data-cell="note">Role</th>
                <th data-cell="state">Xero</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((contact) => (
                <ContactRow key={contact.id} contact={contact} onEdit={setEdited} />
              ))}
            </tbody>
          </table>
        )}
        {contacts.hasNextPage && (
          <Button
            m="md"
            variant="default"
            loading={contacts.isFetchingNextPage}
            onClick={() => contacts.fetchNextPage()}
          >
            Show 50 more
          </Button>
        )}
      </div>
      {edited && <ContactForm contact={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </IndexPage>
  );
}

function ContactRow({ contact, onEdit }: { contact: Contact; onEdit: (contact: Contact) => void }) {
  return (
    <tr>
      <td data-cell="title">
        <UnstyledButton className="row-link" onClick={() => onEdit(contact)}>
          {contact.display_name}
        </UnstyledButton>
      </td>
      <td data-cell="sub">{contact.email}</td>
      <td data-cell="extra">{contact.phone}</td>
      <td data-cell="note" className="soft">
        {contact.roles.map((role) => ROLE_LABELS[role]).join(', ')}
      </td>
      <td data-cell="state">
        <StateMark {...SYNC_FACES[contact.sync_state]} />
        <FirstProblem {...contact} />
      </td>
    </tr>
  );
}
