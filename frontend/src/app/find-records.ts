import { IconAddressBook, IconBriefcase, IconFileInvoice, IconHelpCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import type { Hit, Hits } from './finder';
import { ACCOUNT, MAIN, type NavItem, SETTINGS } from './nav';

const HELP: NavItem = { to: '/help', label: 'Questions and answers', tab: 'Help', icon: IconHelpCircle };

/** The pages whose name has every word that was typed; all of them before anything was. */
export function pagesNamed(wanted: string): Hits {
  const words = wanted.toLowerCase().split(/\s+/);
  const named = [...MAIN, ...SETTINGS, ACCOUNT, HELP].filter(({ label, tab }) =>
    words.every((word) => `${label} ${tab}`.toLowerCase().includes(word)),
  );
  return {
    group: 'Pages',
    hits: named.map(({ to, label, icon }): Hit => ({ id: to, label, about: null, icon, href: to })),
  };
}

const MOST = 5;

/** The records that match, through the API's own search: a few of each kind. */
export function useRecords(wanted: string): { groups: readonly Hits[]; isFetching: boolean } {
  const format = useFormat();
  const { data, isFetching } = useQuery({
    queryKey: ['find', wanted],
    queryFn: async () => {
      const params = { query: { q: wanted, limit: MOST } };
      const [invoices, contacts, jobs] = await Promise.all([
        unwrap(api.GET('/api/v1/invoices', { params })),
        unwrap(api.GET('/api/v1/contacts', { params })),
        unwrap(api.GET('/api/v1/jobs', { params })),
      ]);
      return { invoices: invoices.items, contacts: contacts.items, jobs: jobs.items };
    },
    enabled: wanted !== '',
  });
  if (!data) return { groups: [], isFetching };
  const invoices = data.invoices.map((invoice) => ({
    id: invoice.id,
    label: `${numberOf(invoice)} ${invoice.contact_name}`,
    about: `${format.money(invoice.total, invoice.currency)}, ${format.day(invoice.issued_on)}`,
    icon: IconFileInvoice,
    href: `${invoice.kind === 'customer' ? '/invoices' : '/bills'}?view=all&open=${invoice.id}`,
  }));
  const contacts = data.contacts.map((contact) => ({
    id: contact.id,
    label: contact.display_name,
    about: contact.email,
    icon: IconAddressBook,
    href: `/contacts/${contact.id}`,
  }));
  const jobs = data.jobs.map((job) => ({
    id: job.id,
    label: [job.number, job.description].filter(Boolean).join(' '),
    about: job.location,
    icon: IconBriefcase,
    href: `/invoices?view=all&q=${encodeURIComponent(job.number)}`,
  }));
  return {
    groups: [
      { group: 'Invoices', hits: invoices },
      { group: 'Contacts', hits: contacts },
      { group: 'Jobs', hits: jobs },
    ],
    isFetching,
  };
}
