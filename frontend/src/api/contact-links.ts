import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, unwrap } from './client';
import { polling } from './polling';
import type { ContactLink, LinkChoice } from './types';

const AFTER_CHANGE_MS = 3_000;

const pathOf = (id: string) => ({ params: { path: { contact_id: id } } });

/** Which contact of Xero a contact is. Asked again while it is on its way there. */
export const linkQuery = (id: string) =>
  queryOptions({
    queryKey: ['contacts', 'link', id],
    queryFn: () => unwrap(api.GET('/api/v1/contacts/{contact_id}/link', pathOf(id))),
    refetchInterval: polling<ContactLink>(({ state }) => (state === 'creating' ? AFTER_CHANGE_MS : false)),
  });

/** Contacts of Xero by name, e-mail or number, as candidates for this one. */
export const candidatesQuery = (id: string, q: string) =>
  queryOptions({
    queryKey: ['contacts', 'candidates', id, q],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/contacts/{contact_id}/link/candidates', {
          params: { path: { contact_id: id }, query: { q, limit: 8 } },
        }),
      ),
    enabled: q !== '',
  });

/** What a decision changes elsewhere: the contact, those like it, and the invoices that waited for it. */
function useRefreshAfterDecision() {
  const client = useQueryClient();
  return () => {
    for (const key of ['contacts', 'invoices']) client.invalidateQueries({ queryKey: [key] });
  };
}

/** Decides which contact of Xero this is, or that it is none of them. */
export function useDecideLink(id: string) {
  const client = useQueryClient();
  const refresh = useRefreshAfterDecision();
  return useMutation({
    mutationFn: (body: LinkChoice) =>
      unwrap(api.PUT('/api/v1/contacts/{contact_id}/link', { ...pathOf(id), body })),
    onSuccess: (link) => {
      client.setQueryData(linkQuery(id).queryKey, link);
      refresh();
    },
  });
}

export function useUnlink(id: string) {
  const refresh = useRefreshAfterDecision();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/contacts/{contact_id}/link', pathOf(id))),
    onSuccess: refresh,
  });
}

const GIVE_UP_MS = 45_000;

/** Reads the contact in Xero again, and asks for the link until it says so. */
export function useLookAgain(id: string) {
  const client = useQueryClient();
  const [since, setSince] = useState<string | null | undefined>(undefined);
  const link = useQuery(linkQuery(id)).data;
  const begin = useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/contacts/{contact_id}/link/refreshes', pathOf(id))),
    onSuccess: () => setSince(link?.checked_against ?? null),
  });
  const isWaiting = since !== undefined && link?.checked_against === since;
  useEffect(() => {
    if (since === undefined) return;
    if (!isWaiting) {
      setSince(undefined);
      client.invalidateQueries({ queryKey: ['contacts'] });
      return;
    }
    const again = setInterval(
      () => client.invalidateQueries({ queryKey: linkQuery(id).queryKey }),
      AFTER_CHANGE_MS,
    );
    const giveUp = setTimeout(() => setSince(undefined), GIVE_UP_MS);
    return () => {
      clearInterval(again);
      clearTimeout(giveUp);
    };
  }, [since, isWaiting, client, id]);
  return { begin: begin.mutate, running: begin.isPending || isWaiting, error: begin.error };
}
