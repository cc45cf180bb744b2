import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Tagged, unwrap, unwrapTagged } from '@/api/client';
import { takeSpelling, useSpelledDifferently } from '@/api/ledger';
import type { CostCenter, Invoice } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import { toastProblem, toastUndo } from '@/ui/toast';
import { type Change, type CurePlace, changeFor, curedWords, linesWith } from './cures';

type Wanted = { place: CurePlace; value: string };

/** What was done, and the way back. */
type Cured = { words: string; note: string | null; undo: () => Promise<unknown> };

/** Fixes one invoice; the toast takes it back. */
export function useCure(invoice: Tagged<Invoice>) {
  const client = useQueryClient();
  const spelledDifferently = useSpelledDifferently();
  const refresh = () => {
    for (const key of ['invoices', 'ledger']) client.invalidateQueries({ queryKey: [key] });
  };
  const undo = useMutation({
    mutationFn: (cured: Cured) => cured.undo(),
    onError: toastProblem,
    onSettled: refresh,
  });
  return useMutation({
    mutationFn: async ({ place, value }: Wanted): Promise<Cured> => {
      const center = place.field === 'cost_center_id' ? spelledDifferently(value) : undefined;
      return center ? spellAsInXero(center, invoice, place) : setValue(invoice, { place, value });
    },
    onSuccess: (cured) => {
      refresh();
      toastUndo(cured.words, () => undo.mutate(cured), cured.note);
    },
  });
}

const pathOf = ({ id }: Invoice) => ({ params: { path: { invoice_id: id } } });

const readInvoice = (invoice: Invoice): Promise<Invoice> =>
  unwrap(api.GET('/api/v1/invoices/{invoice_id}', pathOf(invoice)));

/** Changes an invoice under the version that was read. */
export const changeInvoice = (invoice: Invoice, version: string, body: Change) =>
  unwrapTagged(
    api.PATCH('/api/v1/invoices/{invoice_id}', {
      ...pathOf(invoice),
      headers: { 'If-Match': version },
      body,
    }),
  );

/** Sets a value under the version that was read; it is taken back under the version that this made. */
async function setValue({ value: invoice, etag }: Tagged<Invoice>, { place, value }: Wanted): Promise<Cured> {
  const changed = await changeInvoice(invoice, etag, changeFor(invoice, place, value));
  const isDraftAgain = changed.value.approval_withdrawn;
  const before: Change =
    place.field === 'due_on' ? { due_on: invoice.due_on } : { lines: linesWith(invoice, () => ({})) };
  return {
    words: curedWords(place.field, numberOf(invoice)),
    note: isDraftAgain ? 'Its total has changed, so it is a draft again: approve it to export it.' : null,
    undo: async () => {
      await changeInvoice(invoice, changed.etag, before);
      if (isDraftAgain) await unwrap(api.PUT('/api/v1/invoices/{invoice_id}/approval', pathOf(invoice)));
    },
  };
}

/** Renames the cost centre as its option is spelled; lines that have another one are set to it. */
async function spellAsInXero(center: CostCenter, invoice: Tagged<Invoice>, place: CurePlace): Promise<Cured> {
  const spellBack = await takeSpelling(center);
  const isElsewhere = place.lines.some((line) => invoice.value.lines[line]?.cost_center_id !== center.id);
  const cured = isElsewhere ? await setValue(invoice, { place, value: center.id }) : null;
  await untilChecked(invoice.value);
  return {
    words: cured?.words ?? `“${center.name}” is now spelled as in Xero`,
    note: cured?.note ?? null,
    undo: async () => {
      await cured?.undo();
      const now = await readInvoice(invoice.value);
      await spellBack();
      await untilChecked(now);
    },
  };
}

const MOST_LOOKS = 12;
const PAUSE_MS = 250;

/** Waits until the invoice was checked again behind the change of a setting, or a few seconds. */
async function untilChecked(before: Invoice): Promise<void> {
  const held = JSON.stringify(before.problems);
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const now = await readInvoice(before);
    if (JSON.stringify(now.problems) !== held) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
