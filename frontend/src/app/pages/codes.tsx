import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { CodesPage } from '@/features/codes/codes-page';

const route = getRouteApi('/signed-in/settings/accounting-codes');

export function Codes() {
  const { kind } = route.useSearch();
  const navigate = useNavigate();
  return (
    <CodesPage
      kind={kind ?? 'income'}
      onKind={(next) => navigate({ to: '.', search: { kind: next }, replace: true })}
    />
  );
}
