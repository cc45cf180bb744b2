import { useLinkSecret } from '@/app/link-secret';
import { ForgottenPasswordPage } from '@/features/auth/forgotten-password-page';
import { NewPasswordPage } from '@/features/auth/new-password-page';

/** With the secret of a link: choose a new password. Without one: ask for such a link. */
export function PasswordReset() {
  const { secret, forget } = useLinkSecret();
  if (secret === '') return <ForgottenPasswordPage />;
  return <NewPasswordPage key={secret} token={secret} onNewLink={forget} />;
}
