import { Group, Select, SimpleGrid, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { codesQuery, taxRatesQuery } from '@/api/ledger';
import { connectionQuery } from '@/api/shared';
import type { AccountingCode } from '@/api/types';
import { HrefLink } from '@/ui/app-link';
import { Note } from '@/ui/note';
import { RefreshFromXero } from '@/ui/refresh-from-xero';
import { LABELS } from './labels';
import { Section } from './section';
import type { PreferencesForm } from './use-preferences-form';

/** D: the codes and tax rates that a line takes when it names none. */
export function CodesSection({ form }: { form: PreferencesForm }) {
  const income = useQuery(codesQuery('income')).data ?? [];
  const expense = useQuery(codesQuery('expense')).data ?? [];
  const taxRates = useQuery(taxRatesQuery).data ?? [];
  const { data: connection } = useQuery(connectionQuery);
  const { default_income_code, default_expense_code } = form.values;
  const rates = taxRates.map((rate) => ({ value: rate.tax_type, label: rate.name }));
  return (
    <Section id="default-codes" title="Default codes" intro="Used by every line that has no code of its own.">
      {connection?.state === 'not_connected' && (
        <Text fz="sm">
          <HrefLink href="/settings/connections/xero">Connect to Xero</HrefLink> to load your accounts.
        </Text>
      )}
      {(!default_income_code || !default_expense_code) && (
        <Note tone="warn">Both codes are needed before you can export.</Note>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          id="default_income_code"
          label={LABELS.default_income_code}
          description="Income, on customer invoices"
          searchable
          clearable
          data={optionsOf(income, default_income_code)}
          {...form.getInputProps('default_income_code')}
        />
        <Select
          id="default_expense_code"
          label={LABELS.default_expense_code}
          description="Direct costs, on supplier invoices"
          searchable
          clearable
          data={optionsOf(expense, default_expense_code)}
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
      <Switch
        id="send_item_codes"
        label="Send item codes on lines"
        description="Off is safer: items with tracked stock in Xero react to it."
        {...form.getInputProps('send_item_codes', { type: 'checkbox' })}
      />
      {connection?.state === 'connected' && (
        <Group gap="sm">
          <RefreshFromXero />
        </Group>
      )}
    </Section>
  );
}

/** The codes to choose from; one that was chosen and is gone stays visible, so that it can be replaced. */
function optionsOf(codes: readonly AccountingCode[], chosen: string | null) {
  const options = codes.map(({ code, name }) => ({ value: code, label: `${code} ${name}` }));
  if (chosen && !codes.some(({ code }) => code === chosen)) {
    options.push({ value: chosen, label: `${chosen} (not in the list any more)` });
  }
  return options;
}
