import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { taxRatesQuery } from '@/api/ledger';
import type { InvoiceKind, TaxRate } from '@/api/types';

type Props = SelectProps & {
  kind: InvoiceKind;
  /** The rates to choose from, where more is known than the kind. */
  rates?: readonly TaxRate[];
};

/** A tax rate that fits invoices of a kind; one that was chosen and doesn't stays visible. */
export function TaxField({ kind, rates, value, ...rest }: Props) {
  const all = useQuery(taxRatesQuery).data ?? [];
  const offered =
    rates ??
    all.filter(
      (rate) => rate.tax_type === value || (kind === 'customer' ? rate.for_income : rate.for_expense),
    );
  return (
    <Select
      aria-label="Tax"
      placeholder="Pick a tax rate"
      searchable
      data={offered.map((rate) => ({ value: rate.tax_type, label: rate.name }))}
      value={value}
      {...rest}
    />
  );
}
