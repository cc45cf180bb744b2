import { getRouteApi, useRouter } from '@tanstack/react-router';
import { SignInPage } from '@/features/auth/sign-in-page';

const route = getRouteApi('/sign-in');

export function SignIn() {
  const router = useRouter();
  const { return_to } = route.useSearch();
  const goOn = () => {
    // The address in Xero's invoices is the server's: it leads on to the invoice.
    if (return_to?.startsWith('/x/')) window.location.assign(return_to);
    else router.history.push(return_to ?? '/');
  };
  return <SignInPage onSignedIn={goOn} />;
}
