import { Switch, Text, TextInput } from '@mantine/core';
import { HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { LABELS } from './labels';
import type { PreferencesForm } from './use-preferences-form';

/** What brings forgotten invoices to somebody's attention. */
export function AlertsSection({ form }: { form: PreferencesForm }) {
  const { value, onChange, ...days } = form.getInputProps('never_sent_alarm_days');
  return (
    <Card
      id="alerts"
      title="Alerts and mail"
      intro="For everybody who exports: a notification, and a mail unless they have turned mails off."
    >
      <TextInput
        id="never_sent_alarm_days"
        label={LABELS.never_sent_alarm_days}
        description="Each invoice raises it once. Empty or 0: never."
        inputMode="numeric"
        maxLength={3}
        maw={420}
        value={value ?? ''}
        onChange={(event) => {
          const digits = event.currentTarget.value.replace(/\D/g, '');
          onChange(digits === '' ? null : Number(digits));
        }}
        {...days}
      />
      <Switch
        id="digest_mail"
        label={LABELS.digest_mail}
        description="How many invoices were sent, not accepted and are waiting. No mail if nothing happened."
        {...form.getInputProps('digest_mail', { type: 'checkbox' })}
      />
      <Text fz="sm">
        <HrefLink href="/settings/account#mails">Turn your own mails off</HrefLink>
      </Text>
    </Card>
  );
}
