import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { components } from '@/api/schema.gen';
import { sessionQuery } from '@/api/shared';
import type { Session } from '@/api/types';
import { forgetTicks } from '@/lib/tick-store';

type Credentials = components['schemas']['SignIn'];
type Acceptance = components['schemas']['Acceptance'];
type NewPassword = components['schemas']['PasswordReset'];
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

export function useRequestPasswordReset() {
  return useMutation({
    mutationFn: (email: string) => unwrap(api.POST('/api/v1/password-resets', { body: { email } })),
  });
}

/** Chooses a new password with a link. It ends every session of its user, also one in this browser. */
export function useResetPassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewPassword) => unwrap(api.POST('/api/v1/password-resets/acceptances', { body })),
    onSuccess: () => {
      client.removeQueries({ queryKey: sessionQuery.queryKey });
      forgetTicks();
    },
  });
}

/** Uses the link of a mail. As a query of its token it runs once, however often its page is drawn. */
export const emailVerificationQuery = (token: string) =>
  queryOptions({
    queryKey: ['email-verification', token],
    queryFn: async ({ client }) => {
      await unwrap(api.POST('/api/v1/email-verifications', { body: { token } }));
      client.removeQueries({ queryKey: sessionQuery.queryKey });
      return true;
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** Whether a link is used up, too old or unknown: only a new one helps. */
export const isUnusableLink = (error: unknown) =>
  isProblem(error) && error.errors.some(({ code }) => code === 'link_unusable');
