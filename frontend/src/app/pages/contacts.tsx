import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router';
import { ContactPage } from '@/features/contacts/contact-page';
import { ContactsPage } from '@/features/contacts/contacts-page';

const list = getRouteApi('/signed-in/contacts');

export function Contacts() {
  const search = list.useSearch();
  const navigate = useNavigate();
  const router = useRouter();
  return (
    <ContactsPage
      search={search}
      onSearch={(change) =>
        // Another state is a step that Back takes back; typing is not.
        navigate({ to: '.', search: (now: object) => ({ ...now, ...change }), replace: !('state' in change) })
      }
      onOpen={(id) => router.history.push(`/contacts/${id}`)}
    />
  );
}

const one = getRouteApi('/signed-in/contacts/$contactId');

export function OneContact() {
  const { contactId } = one.useParams();
  return <ContactPage key={contactId} id={contactId} />;
}
