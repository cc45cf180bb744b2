import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { sessionQuery } from '@/api/shared';
import { ConnectionStatus } from '@/features/connection/connection-status';
import { ReconnectBanner } from '@/features/connection/reconnect-banner';
import { LocaleProvider } from '@/lib/locale';
import { useIsPhone } from '@/ui/use-screen';
import { Confirmation } from './confirmation';
import { Header } from './header';
import { KeysDialog } from './keys-dialog';
import { MAIN, SETTINGS } from './nav';
import { NavEntry } from './nav-entry';
import { TabBar } from './tab-bar';
import { useFinishedTasks } from './use-finished-tasks';
import './shell.css';

/** The frame of every signed-in page. */
export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  const isPhone = useIsPhone();
  // Home says it with a card of its own.
  const isHome = useRouterState({ select: (state) => state.location.pathname === '/home' });
  // Signing out empties the session a moment before the sign-in page is there.
  if (!session) return null;
  return (
    <LocaleProvider locale={session.locale} timeZone={session.time_zone}>
      <div className="shell">
        <a className="skip" href="#main">
          Skip to main content
        </a>
        <Header session={session} />
        {!isPhone && <Navbar />}
        <main id="main" tabIndex={-1} className="main">
          {!isHome && <ReconnectBanner />}
          <FinishedTasks />
          <Outlet />
        </main>
        {isPhone && <TabBar />}
        <KeysDialog />
        <Confirmation />
      </div>
    </LocaleProvider>
  );
}

function Navbar() {
  return (
    <nav className="navbar" aria-label="Main">
      {MAIN.map((item) => (
        <NavEntry key={item.to} item={item} />
      ))}
      <h2 className="nav-heading">Settings</h2>
      {SETTINGS.map((item) => (
        <NavEntry key={item.to} item={item} />
      ))}
      <div className="navbar-foot">
        <ConnectionStatus />
      </div>
    </nav>
  );
}

function FinishedTasks() {
  useFinishedTasks();
  return null;
}
