import { getRouteApi, useRouter } from '@tanstack/react-router';
import { SignInPage } from '@/features/auth/sign-in-page';

const route = getRouteApi('/sign-in');

export function SignIn() {
  const router = useRouter();
  const { return_to } = route.useSearch();
  return <SignInPage onSignedIn={() => router.history.push(return_to ?? '/')} />;
}
