import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { components } from '@/api/schema.gen';
import { sessionQuery } from '@/api/shared';
import type { Session } from '@/api/types';
import { forgetTicks } from '@/lib/tick-store';

type Credentials = components['schemas']['SignIn'];
type Acceptance = components['schemas']['Acceptance'];
type NewBusiness = components['schemas']['SignUp'];

/** Everything cached, and what is ticked, belongs to one business: a new session starts from nothing. */
function startSession(client: QueryClient, session: Session) {
  client.clear();
  forgetTicks();
  client.setQueryData(sessionQuery.queryKey, session);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => unwrap(api.POST('/api/v1/session', { body })),
    onSuccess: (session) => startSession(client, session),
  });
}

export function useSignUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewBusiness) => unwrap(api.POST('/api/v1/businesses', { body })),
    onSuccess: (session) => startSession(client, session),
  });
}

export function useAcceptInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Acceptance) => unwrap(api.POST('/api/v1/invitations/acceptances', { body })),
    onSuccess: (session) => startSession(client, session),
  });
}

export function useSwitchBusiness() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (business_id: string) =>
      unwrap(api.PUT('/api/v1/session/business', { body: { business_id } })),
    onSuccess: (session) => startSession(client, session),
  });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => unwrap(api.DELETE('/api/v1/session')), onSuccess: forgetTicks });
}
