import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { components } from '@/api/schema.gen';
import type { Invoice, ResourceProblem } from '@/api/types';
import { type Draft, type DraftLine, lineIn } from './draft';
import { faultsOf, pathIn } from './faults';

const isOfContent = ({ code, pointer }: ResourceProblem) =>
  pointer !== '#/number' && code !== 'looks_entered_already';

type Currency = components['schemas']['Currency'];

const PAUSE_MS = 500;

/** A line with a wrong value would be refused, and nothing be checked: stand-ins take the places of such values. */
function checkable(line: DraftLine, wrong: ReadonlySet<string>): DraftLine {
  const isWrong = (field: keyof DraftLine) => wrong.has(pathIn(line, field));
  return {
    ...line,
    ...(isWrong('description') && { description: '…' }),
    ...(isWrong('quantity') && { quantity: '0' }),
    ...(isWrong('unit_price') && { unit_price: '0' }),
    ...(isWrong('discount_percent') && { discount_percent: '0' }),
  };
}

/** What would stand against an invoice with these values; nothing is stored. One in Xero is not asked about. */
export const draftCheckQuery = (invoice: Invoice, draft: Draft) => {
  const wrong = new Set(faultsOf(draft).map(({ path }) => path));
  // Its own number is taken, by itself. What is about the number was checked with the invoice that has it.
  const body = {
    kind: invoice.kind,
    number: invoice.kind === 'customer' ? `${invoice.number}*` : null,
    contact_id: invoice.contact_id,
    job_id: invoice.job_id,
    // It was given as one of them.
    currency: invoice.currency as Currency,
    issued_on: draft.issued_on,
    due_on: draft.due_on,
    reference: draft.reference.trim() || null,
    amounts: draft.amounts,
    lines: draft.lines.map((line) => lineIn(checkable(line, wrong))),
  };
  return queryOptions({
    queryKey: ['invoices', 'draft check', body],
    queryFn: async ({ signal }): Promise<ResourceProblem[]> => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (signal.aborted) return [];
      const { invoices } = await unwrap(
        api.POST('/api/v1/export-checks', { body: { invoice: body }, signal }),
      );
      return invoices.flatMap(({ problems }) => problems).filter(isOfContent);
    },
    enabled:
      !wrong.has('issued_on') &&
      !wrong.has('due_on') &&
      (invoice.export_state === 'not_exported' || invoice.export_state === 'excluded'),
    placeholderData: keepPreviousData,
    retry: false,
  });
};
