import { Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { HrefLink } from './app-link';

/** Back to the list after fixing something; the ticks are still set there. */
export function WayBack() {
  const from = useRouterState({ select: (state) => state.location.state.cameFrom });
  if (!from || !/^\/(invoices|bills|exports)/.test(from)) return null;
  return (
    <Text fz="sm">
      <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: -2 }} />{' '}
      <HrefLink href={from}>Back to what you were exporting</HrefLink>
    </Text>
  );
}
