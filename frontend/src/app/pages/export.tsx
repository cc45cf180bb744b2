import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ExportPage } from '@/features/exports/export-page';

const route = getRouteApi('/signed-in/exports/$exportId');

export function ExportRun() {
  const { exportId } = route.useParams();
  const { result } = route.useSearch();
  const navigate = useNavigate();
  return (
    <ExportPage
      key={exportId}
      id={exportId}
      result={result}
      onResult={(next) => navigate({ to: '.', search: { result: next }, replace: true })}
      onRun={(run) => navigate({ to: '/exports/$exportId', params: { exportId: run.id } })}
    />
  );
}
