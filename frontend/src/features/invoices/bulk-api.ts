import { api, unwrap } from '@/api/client';
import type { SelectionBody } from '@/api/types';
import { type Outcome, outcomeOf } from './outcome';
import { bodyOfIds } from './selection-body';

/** The most invoices that one value is set for at once: each is read before, to leave its good lines alone. */
export const MOST_FIXED = 200;
const TOGETHER = 6;

/** One request for each invoice, a few at the same time. */
export async function forEachInvoice<Answer>(
  ids: readonly string[],
  ask: (params: { path: { invoice_id: string } }) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < ids.length; start += TOGETHER) {
    const some = ids.slice(start, start + TOGETHER);
    answers.push(...(await Promise.all(some.map((id) => ask({ path: { invoice_id: id } })))));
  }
  return answers;
}

export async function approveInvoices(ids: readonly string[]): Promise<Outcome> {
  const body = { selection: bodyOfIds(ids) };
  return outcomeOf((await unwrap(api.POST('/api/v1/invoices/approvals', { body }))).results);
}

/** The way back from approving them. */
export const withdrawApprovals = (ids: readonly string[]) =>
  forEachInvoice(ids, (params) => unwrap(api.DELETE('/api/v1/invoices/{invoice_id}/approval', { params })));

export const leaveOutInvoices = (selection: SelectionBody): Promise<Outcome> => exclude(selection, true);

/** The way back from leaving them out. */
export const takeInInvoices = (ids: readonly string[]): Promise<Outcome> => exclude(bodyOfIds(ids), false);

async function exclude(selection: SelectionBody, excluded: boolean): Promise<Outcome> {
  const body = { selection, excluded };
  return outcomeOf((await unwrap(api.POST('/api/v1/invoices/exclusions', { body }))).results);
}
