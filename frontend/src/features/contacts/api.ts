import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Contact, ContactFilter, ContactIn } from '@/api/types';

export const contactsQuery = (filter: ContactFilter) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'list', filter],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v1/contacts', { params: { query: { ...filter, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** How many contacts match; `null` above the number that is counted exactly. */
export const contactCountQuery = (filter: ContactFilter) =>
  queryOptions({
    queryKey: ['contacts', 'count', filter],
    queryFn: () => unwrap(api.GET('/api/v1/contacts/counts', { params: { query: filter } })),
    select: ({ count, more }) => (more ? null : count),
    placeholderData: keepPreviousData,
  });

/** The first contact in a state, for Home, which names it. */
export const firstContactQuery = (sync_state: Contact['sync_state']) =>
  queryOptions({
    queryKey: ['contacts', 'first', sync_state],
    queryFn: () => unwrap(api.GET('/api/v1/contacts', { params: { query: { sync_state, limit: 1 } } })),
    select: ({ items: [first] }) => (first ? { id: first.id, name: first.display_name } : null),
  });

const pathOf = (id: string) => ({ path: { contact_id: id } });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ['contacts', 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/contacts/{contact_id}', { params: pathOf(id) })),
  });

export const historyQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'history', id],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v1/contacts/{contact_id}/history', {
          params: { ...pathOf(id), query: { limit: 10, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const SHOWN_INVOICES = 5;

/** The newest invoices of a contact, and how many there are. */
export const contactInvoicesQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoices', 'of contact', id],
    queryFn: async () => {
      const query = { contact_id: id };
      const [page, { count }] = await Promise.all([
        unwrap(
          api.GET('/api/v1/invoices', {
            params: { query: { ...query, sort: '-issued_on', limit: SHOWN_INVOICES } },
          }),
        ),
        unwrap(api.GET('/api/v1/invoices/counts', { params: { query } })),
      ]);
      return { rows: page.items, count };
    },
  });

/** Adds a contact, or changes the one with this id. */
export function useSaveContact(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ContactIn) =>
      id
        ? unwrap(api.PATCH('/api/v1/contacts/{contact_id}', { params: pathOf(id), body }))
        : unwrap(api.POST('/api/v1/contacts', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['contacts'] }),
  });
}

/** Answers a problem that a person decides, as when a contact was changed on both sides. */
export function useAnswerContact(id: string, code: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (choice: 'keep_xeros' | 'send_ours') =>
      unwrap(
        api.PUT('/api/v1/contacts/{contact_id}/answers/{problem_code}', {
          params: { path: { contact_id: id, problem_code: code } },
          body: { choice },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['contacts'] }),
  });
}
