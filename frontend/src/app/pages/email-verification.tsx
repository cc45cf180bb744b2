import { useLinkSecret } from '@/app/link-secret';
import { EmailVerificationPage } from '@/features/auth/email-verification-page';

export function EmailVerification() {
  const { secret } = useLinkSecret();
  return <EmailVerificationPage key={secret} token={secret} />;
}
