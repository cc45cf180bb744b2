import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { connectionQuery } from '@/api/shared';

export const organisationsQuery = queryOptions({
  queryKey: ['connection', 'organisations'],
  queryFn: () => unwrap(api.GET('/api/v1/connections/xero/organisations')),
});

/** Asks for the address of Xero's consent page. */
export function useBeginAuthorization() {
  return useMutation({ mutationFn: () => unwrap(api.POST('/api/v1/connections/xero/authorizations')) });
}

export function useChooseOrganisation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { organisation_id: string; confirm_switch?: string }) =>
      unwrap(api.PUT('/api/v1/connections/xero/organisation', { body })),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useDisconnect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/connections/xero')),
    onSettled: () => client.invalidateQueries({ queryKey: connectionQuery.queryKey }),
  });
}
