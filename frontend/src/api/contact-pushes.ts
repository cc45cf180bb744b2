import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from './client';
import { polling } from './polling';
import type { ContactPush, Preferences } from './types';

const FINISHED: ReadonlySet<ContactPush['state']> = new Set(['done', 'done_with_errors']);

export const isPushed = ({ state }: ContactPush) => FINISHED.has(state);

/** The last push, and when the next one is due. */
export const pushScheduleQuery = queryOptions({
  queryKey: ['contact-pushes', 'schedule'],
  queryFn: () => unwrap(api.GET('/api/v1/contact-pushes/schedule')),
  refetchInterval: polling<{ last: ContactPush | null }>(({ last }) =>
    last && !isPushed(last) ? (last.poll_after_ms ?? 2_000) : 60_000,
  ),
});

/** How many names in Xero change when people are called like this. */
export const nameChangesQuery = (person_name_format: Preferences['person_name_format']) =>
  queryOptions({
    queryKey: ['contact-pushes', 'name-changes', person_name_format],
    queryFn: () =>
      unwrap(api.GET('/api/v1/contact-pushes/name-changes', { params: { query: { person_name_format } } })),
  });

/** Sends new and changed contacts to Xero now. */
export function useStartPush() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/contact-pushes')),
    onSuccess: () => client.invalidateQueries({ queryKey: ['contact-pushes'] }),
  });
}
