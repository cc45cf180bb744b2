import { infiniteQueryOptions, keepPreviousData, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { ContactIn, Role } from '@/api/types';

export const contactsQuery = (filter: { role?: Role; q?: string }) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'list', filter],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v1/contacts', { params: { query: { ...filter, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Adds a contact, or changes the one with this id. */
export function useSaveContact(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ContactIn) =>
      id
        ? unwrap(api.PATCH('/api/v1/contacts/{contact_id}', { params: { path: { contact_id: id } }, body }))
        : unwrap(api.POST('/api/v1/contacts', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['contacts'] }),
  });
}
