import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Tagged } from '@/api/client';
import type { Invoice, ResourceProblem } from '@/api/types';
import { isDay } from '@/lib/dates';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import { HrefLink } from '@/ui/app-link';
import { DateField } from '@/ui/fields/date-field';
import { ProblemNote } from '@/ui/problem-note';
import { toastProblem, toastUndo } from '@/ui/toast';
import { changeInvoice } from './use-cure';

type Props = { invoice: Tagged<Invoice>; fix: ResourceProblem['fix'] };

/** Moves an invoice out of a locked period by another date, and says what that changes. */
export function MoveDate({ invoice, fix }: Props) {
  const format = useFormat();
  const moving = useMove(invoice);
  const { issued_on: before, due_on: due } = invoice.value;
  const today = format.today();
  const proposed = today > before ? today : null;
  const [chosen, setChosen] = useState<string | null>(null);
  const value = chosen ?? proposed;
  const day = value !== null && isDay(value) && value !== before ? value : null;
  return (
    <form
      className="cure"
      onSubmit={(event) => {
        event.preventDefault();
        if (day) moving.mutate(day);
      }}
    >
      <DateField
        size="xs"
        className="cure-field"
        aria-label="Invoice date"
        value={value}
        onChange={setChosen}
        description={value === today ? 'Today' : undefined}
      />
      <Button type="submit" size="xs" variant="default" disabled={!day} loading={moving.isPending}>
        Change date
      </Button>
      <p className="cure-effect">
        The invoice gets this date here and in Xero, so it counts in that month.{' '}
        {day && due && due < day
          ? `Its due date, ${format.day(due)}, is earlier: change that as well.`
          : due && `It stays due on ${format.day(due)}.`}
      </p>
      {fix && !fix.href.includes(invoice.value.id) && (
        <HrefLink href={fix.href} className="text-link cure-elsewhere">
          {fix.label}
        </HrefLink>
      )}
      {moving.isError && <ProblemNote error={moving.error} />}
    </form>
  );
}

/** Changes the date under the version that was read; the toast takes it back under the version that this made. */
function useMove({ value: invoice, etag }: Tagged<Invoice>) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['invoices'] });
  const undo = useMutation({
    mutationFn: (version: string) => changeInvoice(invoice, version, { issued_on: invoice.issued_on }),
    onError: toastProblem,
    onSettled: refresh,
  });
  return useMutation({
    mutationFn: (day: string) => changeInvoice(invoice, etag, { issued_on: day }),
    onSuccess: (changed) => {
      refresh();
      toastUndo(`Date changed for ${numberOf(invoice)}`, () => undo.mutate(changed.etag), null);
    },
  });
}
