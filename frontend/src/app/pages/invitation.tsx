import { useNavigate } from '@tanstack/react-router';
import { useLinkSecret } from '@/app/link-secret';
import { InvitationPage } from '@/features/auth/invitation-page';

export function Invitation() {
  const navigate = useNavigate();
  const { secret } = useLinkSecret();
  return <InvitationPage token={secret} onSignedIn={() => navigate({ to: '/' })} />;
}
