import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ItemsPage } from '@/features/items/items-page';

const route = getRouteApi('/signed-in/settings/items');

export function Items() {
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <ItemsPage search={search} onSearch={(next) => navigate({ to: '.', search: next, replace: true })} />
  );
}
