import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, unwrap, unwrapTagged } from '@/api/client';
import { pollWhileAny } from '@/api/polling';
import type { ExportCheck, InvoiceFilter, InvoiceSummary, SelectionBody } from '@/api/types';
import { toastProblem } from '@/ui/toast';
import { LOOKS_ENTERED } from './entered/documents';
import type { Sort } from './search';
import { bodyOfIds } from './selection-body';
import { isOnItsWay } from './tickable';

/** The list of one view, fifty at a time; while an invoice on it is on its way, it is asked again. */
export const invoicesQuery = (filter: InvoiceFilter, sort: Sort) =>
  infiniteQueryOptions({
    queryKey: ['invoices', 'list', filter, sort],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v1/invoices', { params: { query: { ...filter, sort, limit: 50, cursor: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: pollWhileAny<InvoiceSummary>(isOnItsWay, 4_000),
  });

export const countsQuery = queryOptions({
  queryKey: ['invoices', 'counts'],
  queryFn: () => unwrap(api.GET('/api/v1/invoices/counts')),
});

/** How many invoices match a filter; `null` above the number that is counted exactly. */
export const matchesQuery = (filter: InvoiceFilter) =>
  queryOptions({
    queryKey: ['invoices', 'matches', filter],
    queryFn: () => unwrap(api.GET('/api/v1/invoices/counts', { params: { query: filter } })),
    select: ({ count, more }) => (more ? null : count),
    placeholderData: keepPreviousData,
  });

export const invoiceQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoices', 'one', id],
    queryFn: () =>
      unwrapTagged(api.GET('/api/v1/invoices/{invoice_id}', { params: { path: { invoice_id: id } } })),
  });

/** What was done with an invoice and by whom, newest first. */
export const historyQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['invoices', 'history', id],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v1/invoices/{invoice_id}/history', {
          params: { path: { invoice_id: id }, query: { limit: 20, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Who started an export. */
export const starterQuery = (runId: string) =>
  queryOptions({
    queryKey: ['exports', 'starter', runId],
    queryFn: () => unwrap(api.GET('/api/v1/exports/{export_id}', { params: { path: { export_id: runId } } })),
    select: ({ started_by }) => started_by,
  });

/** What an export sends to Xero for an invoice. */
export const previewQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoices', 'preview', id],
    queryFn: () =>
      unwrap(api.GET('/api/v1/invoices/{invoice_id}/xero-preview', { params: { path: { invoice_id: id } } })),
  });

export function useApproval(id: string) {
  const client = useQueryClient();
  const params = { params: { path: { invoice_id: id } } };
  const refresh = () => client.invalidateQueries({ queryKey: ['invoices'] });
  const approve = useMutation({
    mutationFn: () => unwrap(api.PUT('/api/v1/invoices/{invoice_id}/approval', params)),
    onSuccess: refresh,
  });
  const withdraw = useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/invoices/{invoice_id}/approval', params)),
    onSuccess: refresh,
  });
  return { approve, withdraw };
}

/** Leaves an invoice out of exports, or ends that. */
export function useExclusion(id: string) {
  const client = useQueryClient();
  const params = { params: { path: { invoice_id: id } } };
  return useMutation({
    mutationFn: (excluded: boolean) =>
      unwrap(
        excluded
          ? api.PUT('/api/v1/invoices/{invoice_id}/exclusion', params)
          : api.DELETE('/api/v1/invoices/{invoice_id}/exclusion', params),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invoices'] }),
  });
}

/** Ends that an invoice needs a look because of its remarks, for all users of the business. */
export function useReadRemarks(id: string) {
  const client = useQueryClient();
  const params = { params: { path: { invoice_id: id } } };
  return useMutation({
    mutationFn: () => unwrap(api.PUT('/api/v1/invoices/{invoice_id}/remarks/read-marker', params)),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invoices'] }),
  });
}

/** Answers a problem of an invoice by one of its choices. */
export function useAnswer(invoiceId: string, problemCode: string, onAnswered: (choice: string) => void) {
  const client = useQueryClient();
  const params = { path: { invoice_id: invoiceId, problem_code: problemCode } };
  return useMutation({
    mutationFn: (choice: string) =>
      unwrap(api.PUT('/api/v1/invoices/{invoice_id}/answers/{problem_code}', { params, body: { choice } })),
    onSuccess: (_, choice) => {
      onAnswered(choice); // before its place is gone
      return client.invalidateQueries({ queryKey: ['invoices'] });
    },
  });
}

/** Takes back that the documents which look like an invoice are others: it is asked about again. */
export function useTakeBack(invoiceId: string) {
  const client = useQueryClient();
  const params = { path: { invoice_id: invoiceId, problem_code: LOOKS_ENTERED } };
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/invoices/{invoice_id}/answers/{problem_code}', { params })),
    onError: toastProblem,
    onSettled: () => client.invalidateQueries({ queryKey: ['invoices'] }),
  });
}

const checkOnce = (selection: SelectionBody) =>
  unwrap(api.POST('/api/v1/export-checks', { body: { selection } }));

/** Whom in Xero an invoice goes to by a check of it alone; `null` for one that cannot go. */
export const destinationQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoices', 'destination', id],
    queryFn: () => checkOnce(bodyOfIds([id])),
    select: ({ contacts }) => contacts[0] ?? null,
  });

/** How often a check is repeated while old parts are read from Xero. */
const MOST_CHECKS = 10;

/** Checks, and once more with what has changed in Xero meanwhile, if that is being read. */
export async function checkExport(selection: SelectionBody): Promise<ExportCheck> {
  let check = await checkOnce(selection);
  for (let times = 1; check.refreshing && times < MOST_CHECKS; times += 1) {
    const pause = check.poll_after_ms ?? 1_000;
    await new Promise((resolve) => setTimeout(resolve, pause));
    check = await checkOnce(selection);
  }
  return check;
}

/** How long a run waits before it begins, so that it can still be stopped as a whole. */
const HOLD_SECONDS = 5;

/** Starts a run. The key is made before the first try, so that a retry can never start a second run. */
export const startExport = (selection: SelectionBody, key: string) =>
  unwrap(
    api.POST('/api/v1/exports', {
      body: { selection, hold_seconds: HOLD_SECONDS },
      params: { header: { 'Idempotency-Key': key } },
    }),
  );
