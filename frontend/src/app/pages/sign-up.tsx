import { useNavigate } from '@tanstack/react-router';
import { SignUpPage } from '@/features/auth/sign-up-page';

export function SignUp() {
  const navigate = useNavigate();
  return <SignUpPage onSignedIn={() => navigate({ to: '/home' })} />;
}
