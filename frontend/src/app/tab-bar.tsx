import { Link, useRouterState } from '@tanstack/react-router';
import { MORE, TABS, tabOf } from './nav';
import { NeedsFix } from './nav-entry';
import './tab-bar.css';

/** The navigation of a phone, at thumb height. */
export function TabBar() {
  const active = tabOf(useRouterState({ select: (state) => state.location.pathname }));
  return (
    <nav className="tab-bar" aria-label="Main">
      {[...TABS, MORE].map((item) => (
        <Link key={item.to} to={item.to} aria-current={item === active ? 'page' : undefined}>
          <span className="tab-bar-icon">
            <item.icon size={21} stroke={1.7} aria-hidden />
            {item.badge && <NeedsFix kind={item.badge} />}
          </span>
          {item.tab}
        </Link>
      ))}
    </nav>
  );
}
