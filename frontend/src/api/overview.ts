import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client';
import { polling } from './polling';

/** What can be exported and what needs a person, by kind and cause. */
export const overviewQuery = queryOptions({
  queryKey: ['invoices', 'overview'],
  queryFn: () => unwrap(api.GET('/api/v1/invoices/overview')),
  select: ({ items }) => items,
  refetchInterval: polling<unknown>(() => 60_000),
});
