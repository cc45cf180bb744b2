import { getRouteApi } from '@tanstack/react-router';
import { CostCentersPage } from '@/features/cost-centers/cost-centers-page';

const route = getRouteApi('/signed-in/settings/cost-centres');

export function CostCentres() {
  return <CostCentersPage onlyUnmatched={route.useSearch().show === 'unmatched'} />;
}
