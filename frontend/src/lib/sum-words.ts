import type { Format } from './locale';
import { type Amount, sumByCurrency } from './money';

/** "$120.00", or one sum per currency. */
export const sumWords = (amounts: readonly Amount[], format: Pick<Format, 'money'>): string =>
  sumByCurrency(amounts)
    .map((sum) => format.money(sum.total, sum.currency))
    .join(' + ');
