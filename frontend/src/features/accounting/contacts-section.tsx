import { Radio, Stack, Switch, Text } from '@mantine/core';
import { Card } from '@/ui/card';
import { LABELS } from './labels';
import type { PreferencesForm } from './use-preferences-form';
import './accounting.css';

/** A, B and C: how contacts are named, what their account number is, and when changes go out. */
export function ContactsSection({ form }: { form: PreferencesForm }) {
  const shown = form.values.person_name_format === 'first_last' ? 'Mere Hohepa' : 'Hohepa, Mere';
  return (
    <>
      <Card
        id="name"
        title="Names of people"
        intro="Decides the contact’s name in Xero for customers who are people."
      >
        <Radio.Group
          id="person_name_format"
          aria-label={LABELS.person_name_format}
          {...form.getInputProps('person_name_format')}
        >
          <Stack gap="sm">
            <Radio value="first_last" label="First Last" />
            <Radio value="last_first" label="Last, First" />
          </Stack>
        </Radio.Group>
        <Text className="preview" role="status">
          Mere Hohepa is called <strong>{shown}</strong> in Xero.
        </Text>
      </Card>
      <Card id="account-number" title="Account number">
        <Switch
          id="send_payer_reference"
          label="Write the payer reference into Xero’s Account Number"
          description="Up to 50 characters. Xero wants each one only once; a clash is shown on the contact."
          {...form.getInputProps('send_payer_reference', { type: 'checkbox' })}
        />
      </Card>
      <Card id="push" title="Contact push">
        <Switch
          id="contact_push_enabled"
          label="Push new and changed contacts to Xero every six hours"
          description="Your choice is kept. The push itself comes with a later version; until then contacts go with their invoices."
          {...form.getInputProps('contact_push_enabled', { type: 'checkbox' })}
        />
      </Card>
    </>
  );
}
