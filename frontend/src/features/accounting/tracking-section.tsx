import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { costCentersQuery, trackingCategoriesQuery } from '@/api/ledger';
import { HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { LABELS } from './labels';
import type { PreferencesForm } from './use-preferences-form';

/** E: which tracking category of Xero means cost centre. */
export function TrackingSection({ form }: { form: PreferencesForm }) {
  const categories = useQuery(trackingCategoriesQuery).data ?? [];
  const chosen = form.values.tracking_category_id;
  const options = categories.map(({ category_id, name }) => ({ value: category_id, label: name }));
  if (chosen && !categories.some(({ category_id }) => category_id === chosen)) {
    options.push({ value: chosen, label: 'A category that isn’t in Xero any more' });
  }
  return (
    <Card
      id="tracking"
      title="Tracking"
      intro="Choose the tracking category in Xero that stands for your cost centres."
    >
      <Select
        id="tracking_category_id"
        label={LABELS.tracking_category_id}
        placeholder="Don’t use tracking"
        clearable
        data={options}
        maw={380}
        {...form.getInputProps('tracking_category_id')}
      />
      {chosen && <MatchLine />}
    </Card>
  );
}

function MatchLine() {
  const { data } = useQuery(costCentersQuery);
  if (!data || data.length === 0) return null;
  const matched = data.filter((one) => one.match === 'matched').length;
  return (
    <Text fz="sm">
      {matched} of {data.length} cost centres match.{' '}
      {matched < data.length && <HrefLink href="/settings/cost-centres">Match the others</HrefLink>}
    </Text>
  );
}
