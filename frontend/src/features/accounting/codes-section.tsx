import { Group, Select, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { taxRatesQuery } from '@/api/ledger';
import { connectionQuery } from '@/api/shared';
import { HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { CodeField } from '@/ui/fields/code-field';
import { Note } from '@/ui/note';
import { RefreshFromXero } from '@/ui/refresh-from-xero';
import { LABELS } from './labels';
import type { PreferencesForm } from './use-preferences-form';

/** D: the codes and tax rates that a line takes when it names none. */
export function CodesSection({ form }: { form: PreferencesForm }) {
  const taxRates = useQuery(taxRatesQuery).data ?? [];
  const { data: connection } = useQuery(connectionQuery);
  const { default_income_code, default_expense_code } = form.values;
  const rates = taxRates.map((rate) => ({ value: rate.tax_type, label: rate.name }));
  return (
    <Card id="default-codes" title="Default codes" intro="Used by every line that has no code of its own.">
      {connection?.state === 'not_connected' && (
        <Text fz="sm">
          <HrefLink href="/settings/connections/xero">Connect to Xero</HrefLink> to load your accounts.
        </Text>
      )}
      {(!default_income_code || !default_expense_code) && (
        <Note tone="warn">Both codes are needed before you can export.</Note>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <CodeField
          id="default_income_code"
          label={LABELS.default_income_code}
          description="Income, on customer invoices"
          kind="income"
          clearable
          {...form.getInputProps('default_income_code')}
        />
        <CodeField
          id="default_expense_code"
          label={LABELS.default_expense_code}
          description="Direct costs, on supplier invoices"
          kind="expense"
          clearable
          {...form.getInputProps('default_expense_code')}
        />
        <Select
          id="default_sales_tax_type"
          label={LABELS.default_sales_tax_type}
          clearable
          data={rates}
          {...form.getInputProps('default_sales_tax_type')}
        />
        <Select
          id="default_purchase_tax_type"
          label={LABELS.default_purchase_tax_type}
          clearable
          data={rates}
          {...form.getInputProps('default_purchase_tax_type')}
        />
      </SimpleGrid>
      {connection?.state === 'connected' && (
        <Group gap="sm">
          <RefreshFromXero />
        </Group>
      )}
    </Card>
  );
}
