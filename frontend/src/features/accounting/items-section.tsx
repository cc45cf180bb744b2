import { Switch, Text } from '@mantine/core';
import { HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { LABELS } from './labels';
import type { PreferencesForm } from './use-preferences-form';

/** Whether a line that names an item is sent with the code of the item. */
export function ItemsSection({ form }: { form: PreferencesForm }) {
  return (
    <Card
      id="items"
      title="Items"
      intro="A line may name an item of your list. Xero has an item of the same code."
    >
      <Switch
        id="send_item_codes"
        label={LABELS.send_item_codes}
        description="Off is safer: a customer invoice with an item whose stock Xero counts changes that stock. On bills, such items are sent without their code."
        {...form.getInputProps('send_item_codes', { type: 'checkbox' })}
      />
      <Text fz="sm">
        <HrefLink href="/settings/items">Show your items</HrefLink>
      </Text>
    </Card>
  );
}
