import { Link } from '@tanstack/react-router';
import type { Session } from '@/api/types';
import { Bell } from '@/features/notifications/bell';
import { BrandMark } from '@/ui/brand-mark';
import { useIsPhone } from '@/ui/use-screen';
import { AccountMenu } from './account-menu';
import { BackLink, useIsInner } from './back-link';
import { FindButton } from './find-button';
import { HelpMenu } from './help-menu';
import { Practice } from './practice';
import './header.css';

/** Brand, business, help, bell and account; on a phone the way back stands in place of the brand on inner pages. */
export function Header({ session }: { session: Session }) {
  const inner = useIsInner();
  const isPhone = useIsPhone();
  return (
    <header className="header">
      {isPhone && inner ? (
        <BackLink />
      ) : (
        <Link to="/home" className="header-brand">
          <BrandMark size={28} />
          Jobtally
        </Link>
      )}
      {!isPhone && <span className="header-business">{session.business.name}</span>}
      {session.xero_stand_in && !(isPhone && inner) && <Practice />}
      <span className="header-space" />
      <FindButton />
      {!isPhone && <HelpMenu />}
      <Bell />
      {!isPhone && <AccountMenu session={session} />}
    </header>
  );
}
