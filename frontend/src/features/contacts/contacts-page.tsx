import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Contact, Role } from '@/api/types';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexPage } from '@/ui/index/index-page';
import { IndexTable } from '@/ui/index/index-table';
import { TabRow } from '@/ui/index/tab-row';
import { FirstProblem } from '@/ui/problem-note';
import { SearchBox } from '@/ui/search-box';
import { StateMark } from '@/ui/state-mark';
import { useOverlay } from '@/ui/use-overlay';
import { contactsQuery } from './api';
import { ContactForm } from './contact-form';
import { ROLE_LABELS, ROLE_TABS } from './words';

export type ContactsSearch = { role?: Role; q?: string };

type Props = { search: ContactsSearch; onSearch: (change: Partial<ContactsSearch>) => void };

const COLUMNS: readonly Column<Contact>[] = [
  { id: 'name', head: 'Name', phone: 'title', opens: true, cell: (contact) => contact.display_name },
  { id: 'email', head: 'E-mail', width: '24%', phone: 'text', cell: (contact) => contact.email },
  {
    id: 'phone',
    head: 'Phone',
    width: '140px',
    only: 'wide',
    phone: 'none',
    cell: (contact) => contact.phone,
  },
  {
    id: 'roles',
    head: 'Role',
    width: '160px',
    only: 'wide',
    phone: 'date',
    cell: ({ roles }) => <span className="soft">{roles.map((role) => ROLE_LABELS[role]).join(', ')}</span>,
  },
  {
    id: 'state',
    head: 'Xero',
    width: '22%',
    narrow: '190px',
    phone: 'state',
    cell: (contact) => (
      <>
        <StateMark of="contact" state={contact.sync_state} /> <FirstProblem {...contact} />
      </>
    ),
  },
];

/** Customers, suppliers and contractors, and the state of each of them in Xero. */
export function ContactsPage({ search, onSearch }: Props) {
  const contacts = useInfiniteQuery(contactsQuery(search));
  const rows = contacts.data?.pages.flatMap((page) => page.items) ?? [];
  const searchBox = useRef<HTMLInputElement>(null);
  const [edited, setEdited] = useState<Contact | 'new' | null>(null);
  const form = useOverlay('contact');
  const edit = (contact: Contact | 'new' | null) => {
    setEdited(contact);
    form.open();
  };
  const filtered = Boolean(search.q || search.role);
  return (
    <IndexPage
      title="Contacts"
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => edit('new')}>
          Add contact
        </Button>
      }
    >
      <TabRow
        label="Roles"
        tabs={ROLE_TABS}
        value={search.role ?? 'all'}
        onChange={(role) => onSearch({ role: role === 'all' ? undefined : role })}
      />
      <div className="index-filters">
        <SearchBox
          label="Search contacts"
          placeholder="Name or e-mail"
          value={search.q ?? ''}
          ref={searchBox}
          onChange={(q) => onSearch({ q: q || undefined })}
        />
      </div>
      <IndexList
        label="Contact list"
        query={contacts}
        isEmpty={rows.length === 0}
        empty={
          <IndexEmpty title={filtered ? 'Nothing matches' : 'No contacts yet'}>
            {!filtered && 'Add one here, or they come with the invoices of your job system.'}
          </IndexEmpty>
        }
        onFind={() => searchBox.current?.focus()}
      >
        <IndexTable
          label="Contacts"
          columns={COLUMNS}
          rows={rows}
          onOpen={(id) => edit(rows.find((contact) => contact.id === id) ?? null)}
        />
      </IndexList>
      {form.opened && edited && (
        <ContactForm contact={edited === 'new' ? null : edited} onClose={form.close} />
      )}
    </IndexPage>
  );
}
