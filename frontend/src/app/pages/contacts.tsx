import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ContactsPage } from '@/features/contacts/contacts-page';

const route = getRouteApi('/signed-in/contacts');

export function Contacts() {
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <ContactsPage
      search={search}
      onSearch={(change) =>
        navigate({ to: '.', search: (now: object) => ({ ...now, ...change }), replace: true })
      }
    />
  );
}
