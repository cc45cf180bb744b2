import { UnstyledButton } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import { usePanel } from '@/ui/use-panel';
import { parentOf, tabOf } from './nav';

const usePath = () => useRouterState({ select: (state) => state.location.pathname });

/** Whether the page belongs to a list: a page below one, or a list with an open panel. */
export function useIsInner(): boolean {
  const panel = usePanel();
  return parentOf(usePath()) !== null || panel.openId !== undefined;
}

/** On a phone: "‹ Invoices", back to the list that the page belongs to. */
export function BackLink() {
  const path = usePath();
  const panel = usePanel();
  const parent = parentOf(path);
  if (parent) {
    return (
      <Link to={parent.to} className="header-back">
        <IconChevronLeft size={20} stroke={1.8} aria-hidden />
        {parent.tab}
      </Link>
    );
  }
  return (
    <UnstyledButton className="header-back" onClick={panel.hide}>
      <IconChevronLeft size={20} stroke={1.8} aria-hidden />
      {tabOf(path).tab}
    </UnstyledButton>
  );
}
