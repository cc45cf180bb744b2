import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ImportPage } from '@/features/contact-imports/import-page';

const route = getRouteApi('/signed-in/contacts/import');

export function ContactImport() {
  const { id, decide } = route.useSearch();
  const navigate = useNavigate();
  return (
    <ImportPage
      id={id}
      decides={decide === 'rest'}
      onShow={(next, decides) =>
        navigate({ to: '.', search: { id: next, decide: decides ? 'rest' : undefined } })
      }
    />
  );
}
