import { Input, SegmentedControl, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Card } from '@/ui/card';
import { Note } from '@/ui/note';
import { LABELS } from './labels';
import type { PreferencesForm } from './use-preferences-form';

const STATUSES = [
  { value: 'DRAFT', label: 'Draft' },
  { value: 'SUBMITTED', label: 'Awaiting approval' },
  { value: 'AUTHORISED', label: 'Approved' },
];

/** G: the status invoices get in Xero, for each kind on its own. */
export function StatusSection({ form }: { form: PreferencesForm }) {
  const { customer_invoice_status, supplier_invoice_status } = form.values;
  const approved = [customer_invoice_status, supplier_invoice_status].includes('AUTHORISED');
  return (
    <Card id="status" title="Status in Xero" intro="The status an invoice has when it arrives there.">
      <StatusControl form={form} name="customer_invoice_status" />
      <StatusControl form={form} name="supplier_invoice_status" />
      <Switch
        id="mark_as_sent"
        label={LABELS.mark_as_sent}
        description={
          customer_invoice_status === 'AUTHORISED'
            ? 'Xero’s reminders go out only for invoices that are marked as sent. An invoice can say otherwise.'
            : 'Has no effect now: Xero marks only invoices that arrive there as Approved.'
        }
        {...form.getInputProps('mark_as_sent', { type: 'checkbox' })}
      />
      {approved && (
        <Note tone="info">
          Approved invoices count in your accounts at once. Drafts can still be changed in Xero.
        </Note>
      )}
    </Card>
  );
}

type Name = 'customer_invoice_status' | 'supplier_invoice_status';

function StatusControl({ form, name }: { form: PreferencesForm; name: Name }) {
  const narrow = useMediaQuery('(max-width: 30em)', false, { getInitialValueInEffect: false });
  return (
    <Input.Wrapper label={LABELS[name]} labelElement="div" error={form.errors[name]}>
      <div>
        <SegmentedControl
          id={name}
          aria-label={LABELS[name]}
          orientation={narrow ? 'vertical' : 'horizontal'}
          fullWidth={narrow}
          mt={4}
          data={STATUSES}
          {...form.getInputProps(name, { withError: false })}
        />
      </div>
    </Input.Wrapper>
  );
}
