import { Button, Select } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { connectionQuery } from '@/api/shared';
import type { Contact, Role } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { HrefButton } from '@/ui/app-link';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexPage } from '@/ui/index/index-page';
import { IndexTable } from '@/ui/index/index-table';
import { TabRow } from '@/ui/index/tab-row';
import { FirstProblem } from '@/ui/problem-note';
import { PushNow } from '@/ui/push-now';
import { SearchBox } from '@/ui/search-box';
import { StateMark } from '@/ui/state-mark';
import { useOverlay } from '@/ui/use-overlay';
import { contactCountQuery, contactsQuery } from './api';
import { ContactForm } from './contact-form';
import { type ContactsSearch, SYNC_STATES, type SyncState } from './search';
import { ROLE_LABELS, ROLE_OPTIONS, stateLabel } from './words';
import './contacts-page.css';

type Props = {
  search: ContactsSearch;
  onSearch: (change: Partial<ContactsSearch>) => void;
  onOpen: (id: string) => void;
};

const COLUMNS: readonly Column<Contact>[] = [
  { id: 'name', head: 'Name', phone: 'title', opens: true, cell: (contact) => contact.display_name },
  { id: 'email', head: 'E-mail', width: '21%', phone: 'text', cell: (contact) => contact.email },
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
    width: '30%',
    narrow: '230px',
    phone: 'state',
    cell: (contact) => (
      <>
        <StateMark of="contact" state={contact.sync_state} />{' '}
        {contact.sync_state !== 'unsure' && <FirstProblem {...contact} />}
      </>
    ),
  },
];

/** Customers, suppliers and contractors, and the state of each of them in Xero. */
export function ContactsPage({ search, onSearch, onOpen }: Props) {
  const { q, role, state } = search;
  const narrowed = { ...(q ? { q } : {}), ...(role ? { role } : {}) };
  const filter = { ...narrowed, ...(state ? { sync_state: state } : {}) };
  const contacts = useInfiniteQuery(contactsQuery(filter));
  const rows = contacts.data?.pages.flatMap((page) => page.items) ?? [];
  const searchBox = useRef<HTMLInputElement>(null);
  const form = useOverlay('contact');
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  return (
    <IndexPage
      title="Contacts"
      actions={
        <>
          {connected && <PushNow />}
          <HrefButton
            href={connected ? '/contacts/import' : '/settings/connections'}
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Import<span className="only-wide">&nbsp;from Xero</span>
          </HrefButton>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={form.open}>
            Add<span className="only-wide">&nbsp;contact</span>
          </Button>
        </>
      }
    >
      <TabRow
        label="State in Xero"
        tabs={useStateTabs(narrowed)}
        value={state ?? 'all'}
        onChange={(next) => onSearch({ state: next === 'all' ? undefined : next })}
      />
      <div className="index-filters">
        <SearchBox
          label="Search contacts"
          placeholder="Name or e-mail"
          value={q ?? ''}
          ref={searchBox}
          onChange={(typed) => onSearch({ q: typed || undefined })}
        />
        <Select
          aria-label="Role"
          placeholder="Every role"
          className="role-filter"
          clearable
          data={ROLE_OPTIONS}
          value={role ?? null}
          onChange={(next) => onSearch({ role: (next as Role | null) ?? undefined })}
        />
        <span className="index-count only-wide" role="status">
          <HowMany filter={filter} />
        </span>
      </div>
      <IndexList
        label="Contact list"
        query={contacts}
        isEmpty={rows.length === 0}
        empty={<Nothing search={search} connected={connected} onSearch={onSearch} />}
        onFind={() => searchBox.current?.focus()}
      >
        <IndexTable
          label="Contacts"
          columns={COLUMNS}
          rows={rows}
          href={(contact) => `/contacts/${contact.id}`}
        />
      </IndexList>
      {form.opened && <ContactForm contact={null} onClose={form.close} onSaved={({ id }) => onOpen(id)} />}
    </IndexPage>
  );
}

/** The states as tabs; those that ask for something say how many there are. */
function useStateTabs(narrowed: Omit<ContactsSearch, 'state'>) {
  const asking: SyncState[] = ['unsure', 'failed', 'changed'];
  const counts = useQueries({
    queries: asking.map((state) => contactCountQuery({ ...narrowed, sync_state: state })),
  });
  return [
    { value: 'all' as const, label: 'All' },
    ...SYNC_STATES.map((state) => ({
      value: state,
      label: stateLabel(state),
      count: counts[asking.indexOf(state)]?.data || undefined,
      warns: state === 'unsure' || state === 'failed',
    })),
  ];
}

function HowMany({ filter }: { filter: Parameters<typeof contactCountQuery>[0] }) {
  const { data } = useQuery(contactCountQuery(filter));
  const format = useFormat();
  if (data === undefined) return null;
  return data === null ? `More than ${format.number(10_000)} contacts` : count(data, 'contact', 'contacts');
}

function Nothing({
  search,
  connected,
  onSearch,
}: Pick<Props, 'search' | 'onSearch'> & { connected: boolean }) {
  if (search.q || search.role || search.state) {
    return (
      <IndexEmpty title={search.q || search.role ? 'Nothing matches' : 'None of your contacts is here'}>
        <Button
          mt="sm"
          variant="default"
          onClick={() => onSearch({ q: undefined, role: undefined, state: undefined })}
        >
          Show all contacts
        </Button>
      </IndexEmpty>
    );
  }
  return (
    <IndexEmpty title="No contacts yet">
      Import your customers and suppliers from Xero, or they’re created with their first invoice.
      <div className="index-empty-action">
        <HrefButton href={connected ? '/contacts/import' : '/settings/connections'}>
          {connected ? 'Import from Xero' : 'Connect to Xero'}
        </HrefButton>
      </div>
    </IndexEmpty>
  );
}
