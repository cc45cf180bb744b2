import { useSession } from '@/api/use-session';
import { useAccountActions } from '@/app/account-actions';
import { AccountPage } from '@/features/account/account-page';

export function Account() {
  const { leave } = useAccountActions(useSession());
  return <AccountPage onLeave={leave} />;
}
