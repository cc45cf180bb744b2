import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { taxRatesQuery } from '@/api/ledger';
import type { InvoiceKind } from '@/api/types';

type Props = SelectProps & { kind: InvoiceKind };

/** A tax rate that fits invoices of a kind; one that was chosen and doesn't stays visible. */
export function TaxField({ kind, value, ...rest }: Props) {
  const rates = useQuery(taxRatesQuery).data ?? [];
  const options = rates
    .filter((rate) => rate.tax_type === value || (kind === 'customer' ? rate.for_income : rate.for_expense))
    .map((rate) => ({ value: rate.tax_type, label: rate.name }));
  return (
    <Select
      aria-label="Tax"
      placeholder="Pick a tax rate"
      searchable
      data={options}
      value={value}
      {...rest}
    />
  );
}
