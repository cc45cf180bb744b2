import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { PushPage } from '@/features/contact-pushes/push-page';

const route = getRouteApi('/signed-in/contacts/pushes/$pushId');

export function ContactPush() {
  const { pushId } = route.useParams();
  const { result } = route.useSearch();
  const navigate = useNavigate();
  return (
    <PushPage
      id={pushId}
      result={result}
      onResult={(next) => navigate({ to: '.', search: { result: next }, replace: true })}
    />
  );
}
