import { useQuery } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { isDay } from '@/lib/dates';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { Card } from '@/ui/card';
import { DateField } from '@/ui/fields/date-field';
import { Note } from '@/ui/note';
import { LABELS } from './labels';
import type { PreferencesForm } from './use-preferences-form';

/** From which day on invoices are sent: an older tool may have sent the ones before. */
export function FirstDaySection({ form }: { form: PreferencesForm }) {
  const { send_from_date } = form.values;
  return (
    <Card
      id="first-day"
      title="First day"
      intro="If another tool sent your invoices before, say from which day on Jobtally does. Older ones are not ours to send."
    >
      <DateField
        id="send_from_date"
        label={LABELS.send_from_date}
        description="By the date of the invoice. Without a day, every approved invoice can be sent."
        placeholder="Every invoice"
        clearable
        maw={260}
        popoverProps={{ withinPortal: false }}
        {...form.getInputProps('send_from_date')}
      />
      {send_from_date && isDay(send_from_date) && <Older date={send_from_date} />}
    </Card>
  );
}

/** How many approved invoices this day keeps out. */
function Older({ date }: { date: string }) {
  const format = useFormat();
  const before = dayBefore(date);
  const { data } = useQuery({
    queryKey: ['invoices', 'matches', 'before', date],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/invoices/counts', {
          params: { query: { status: 'approved', export_state: 'not_exported', issued_to: before } },
        }),
      ),
  });
  if (!data || data.count === 0) return null;
  const many = data.more
    ? `more than ${format.number(data.count)} invoices`
    : count(data.count, 'invoice', 'invoices');
  return (
    <Note tone="info">
      {many.charAt(0).toUpperCase() + many.slice(1)} from before {format.day(date)}{' '}
      {data.count === 1 ? 'is' : 'are'} kept back, and never counted as ready.
    </Note>
  );
}

function dayBefore(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}
