import { useRouter } from '@tanstack/react-router';
import type { Session } from '@/api/types';
import { useSignOut, useSwitchBusiness } from '@/features/auth/api';
import { toastProblem } from '@/ui/toast';

/** What somebody can do about their own session: leave it, or go over to another of their businesses. */
export function useAccountActions(session: Session) {
  const router = useRouter();
  const signOut = useSignOut();
  const switchBusiness = useSwitchBusiness();
  return {
    others: session.businesses.filter((one) => one.id !== session.business.id),
    // A fresh page load leaves nothing of this session in memory.
    leave: () =>
      signOut.mutate(undefined, {
        onSuccess: () => window.location.assign('/sign-in'),
        onError: toastProblem,
      }),
    enter: (id: string) =>
      switchBusiness.mutate(id, { onSuccess: () => router.navigate({ to: '/' }), onError: toastProblem }),
  };
}
