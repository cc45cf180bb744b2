import { NavLink, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import type { InvoiceKind } from '@/api/types';
import { countsQuery } from '@/features/invoices/api';
import type { NavItem } from './nav';

export function NavEntry({ item, onFollow }: { item: NavItem; onFollow: () => void }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const active = path === item.to || path.startsWith(`${item.to}/`);
  return (
    <NavLink
      component={Link}
      to={item.to}
      label={item.label}
      active={active}
      aria-current={active ? 'page' : undefined}
      variant="light"
      className="nav-entry"
      onClick={onFollow}
      leftSection={<item.icon size={18} stroke={1.7} aria-hidden />}
      rightSection={item.badge ? <NeedsFix kind={item.badge} /> : null}
    />
  );
}

/** Only what needs a fix is counted here: a number that is always there is soon not seen. */
function NeedsFix({ kind }: { kind: InvoiceKind }) {
  const { data } = useQuery(countsQuery);
  const waiting = data?.[kind].needs_attention ?? 0;
  if (waiting === 0) return null;
  return (
    <span className="count" data-tone="warn">
      <VisuallyHidden>, need a fix: </VisuallyHidden>
      {waiting}
    </span>
  );
}
