import type { InvoiceGroup, InvoiceKind } from '@/api/types';
import { type Amount, sumByCurrency } from '@/lib/money';

/** The invoices of one kind that can be exported now. */
export type Ready = { kind: InvoiceKind; count: number; totals: Amount[] };

/** What can be exported of each kind that has something, customer invoices first. */
export function readyOf(groups: readonly InvoiceGroup[]): Ready[] {
  const kinds: InvoiceKind[] = ['customer', 'supplier'];
  return kinds
    .map((kind) => {
      const own = groups.filter((one) => one.kind === kind && ['ready', 'waiting'].includes(one.group));
      return {
        kind,
        count: own.reduce((sum, one) => sum + one.count, 0),
        totals: sumByCurrency(own.flatMap(({ totals }) => totals)),
      };
    })
    .filter((one) => one.count > 0);
}
