import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import type { InvoiceKind } from '@/api/types';
import { countsQuery } from '@/features/invoices/api';
import { isAt, type NavItem } from './nav';
import './nav-entry.css';

const usePath = () => useRouterState({ select: (state) => state.location.pathname });

export function NavEntry({ item }: { item: NavItem }) {
  const active = isAt(usePath(), item);
  return (
    <Link to={item.to} className="nav-entry" aria-current={active ? 'page' : undefined}>
      <item.icon size={18} stroke={1.7} aria-hidden />
      <span className="nav-entry-label">{item.label}</span>
      {item.badge && <NeedsFix kind={item.badge} />}
    </Link>
  );
}

/** Only what needs a fix is counted here: a number that is always there is soon not seen. */
export function NeedsFix({ kind }: { kind: InvoiceKind }) {
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
