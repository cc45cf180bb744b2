import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { connectionQuery } from '@/api/shared';
import type { Connection, ConnectionState } from '@/api/types';
import { faceOf } from './states';
import './connection-status.css';

const SHORT: Record<ConnectionState, string> = {
  not_connected: 'Not connected to Xero',
  connecting: 'Finish connecting in Xero',
  connected: 'Connected to Xero',
  needs_reconnect: 'Reconnect to Xero',
  removed: 'Reconnect to Xero',
  unreachable: 'Xero isn’t answering',
};

/** The small card at the foot of the navigation. */
export function ConnectionStatus({ onFollow }: { onFollow: () => void }) {
  const { data } = useQuery(connectionQuery);
  if (!data) return null;
  const face = faceOf(data);
  const Shape = face.icon;
  return (
    <Link to="/settings/connections" className="connection-status" data-tone={face.tone} onClick={onFollow}>
      <Shape size={20} aria-hidden />
      <span>
        <Text span display="block" fz="sm" fw={600} lh={1.3}>
          {SHORT[data.state]}
        </Text>
        <Text span display="block" fz="xs" c="dimmed" lh={1.35}>
          {detailOf(data)}
        </Text>
      </span>
    </Link>
  );
}

const detailOf = (connection: Connection) => connection.organisation_name ?? 'Open connections';
