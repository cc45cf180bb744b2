import { Radio, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { nameChangesQuery } from '@/api/contact-pushes';
import { connectionQuery } from '@/api/shared';
import type { Preferences } from '@/api/types';
import { count } from '@/lib/plural';
import { Card } from '@/ui/card';
import { LABELS } from './labels';
import { PushStatus } from './push-status';
import type { PreferencesForm } from './use-preferences-form';
import './accounting.css';

/** A, B and C: how contacts are named, what their account number is, and when changes go out. */
export function ContactsSection({ form }: { form: PreferencesForm }) {
  const { person_name_format } = form.values;
  const shown = person_name_format === 'first_last' ? 'Mere Hohepa' : 'Hohepa, Mere';
  const isSaved = form.getInitialValues().person_name_format === person_name_format;
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
          {!isSaved && <NameChanges format={person_name_format} />}
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
          description="Customers, suppliers and contractors. Only what changed here since the last push goes."
          {...form.getInputProps('contact_push_enabled', { type: 'checkbox' })}
        />
        <PushStatus />
      </Card>
    </>
  );
}

/** What saving another format does to the names that are in Xero already. */
function NameChanges({ format }: { format: Preferences['person_name_format'] }) {
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const { data } = useQuery({ ...nameChangesQuery(format), enabled: connected });
  if (!data) return null;
  if (data.count === 0) return <> No name in Xero changes.</>;
  return <> {count(data.count, 'name in Xero changes', 'names in Xero change')} with the next push.</>;
}
