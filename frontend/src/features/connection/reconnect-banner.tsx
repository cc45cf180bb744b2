import { Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { connectionQuery } from '@/api/shared';
import { HrefLink } from '@/ui/app-link';
import { needsReconnect } from './states';
import './reconnect-banner.css';

/** On every page while nothing can be exported until somebody reconnects. */
export function ReconnectBanner() {
  const { data } = useQuery(connectionQuery);
  if (!data || !needsReconnect(data.state)) return null;
  const what = data.state === 'removed' ? 'Jobtally was removed in Xero.' : 'Xero has signed us out.';
  return (
    <div className="reconnect-banner" role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <Text fz="sm">
        <strong>{what}</strong> Nothing is lost; exports wait.{' '}
        <HrefLink href="/settings/connections/xero">Reconnect</HrefLink>
      </Text>
    </div>
  );
}
