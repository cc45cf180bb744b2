import { useNavigate, useRouterState } from '@tanstack/react-router';
import { InvitationPage } from '@/features/auth/invitation-page';

export function Invitation() {
  const navigate = useNavigate();
  const token = useRouterState({ select: (state) => state.location.hash });
  return <InvitationPage token={token} onSignedIn={() => navigate({ to: '/' })} />;
}
