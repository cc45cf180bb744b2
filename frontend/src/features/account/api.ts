import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { components } from '@/api/schema.gen';
import { sessionQuery } from '@/api/shared';

export type OwnSession = components['schemas']['SessionOut'];
type PasswordChange = components['schemas']['PasswordChange'];

/** The browsers in which the user is signed in, newest first. */
export const sessionsQuery = infiniteQueryOptions({
  queryKey: ['sessions'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/v1/sessions', { params: { query: { limit: 50, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE('/api/v1/sessions/{session_id}', { params: { path: { session_id: id } } })),
    // Also after a refusal: the session may have ended by itself.
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PasswordChange) => unwrap(api.PUT('/api/v1/session/password', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

export function useSendVerification() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/session/email-verifications')),
    // A refusal may say that the address was confirmed meanwhile, in another browser.
    onError: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
}

export function useChooseMail() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wants_mail: boolean) => unwrap(api.PUT('/api/v1/session/mails', { body: { wants_mail } })),
    onSuccess: (now) => client.setQueryData(sessionQuery.queryKey, now),
  });
}
