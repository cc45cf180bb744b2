import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { connectionQuery } from '@/api/shared';
import type { Connection, ConnectionState } from '@/api/types';
import { type Format, useFormat } from '@/lib/locale';
import { faceOf } from './states';
import './connection-status.css';

const SHORT: Record<Exclude<ConnectionState, 'connected'>, string> = {
  not_connected: 'Not connected to Xero',
  connecting: 'Finish connecting in Xero',
  needs_reconnect: 'Reconnect to Xero',
  removed: 'Reconnect to Xero',
  unreachable: 'Xero isn’t answering',
};

/** The foot of the navigation: the organisation, and when it was last asked. */
export function ConnectionStatus() {
  // Each poll draws the line again, because "2 min ago" ages by itself.
  const { data, dataUpdatedAt } = useQuery(connectionQuery);
  const format = useFormat();
  if (!data) return null;
  const face = faceOf(data);
  const Shape = face.icon;
  const [title, detail] = linesOf(data, format, dataUpdatedAt);
  return (
    <Link to="/settings/connections" className="connection-status" data-tone={face.tone}>
      <Shape size={18} stroke={1.8} aria-hidden />
      <span>
        <span className="connection-status-title">{title}</span>
        {detail && <span className="connection-status-detail">{detail}</span>}
      </span>
    </Link>
  );
}

function linesOf(connection: Connection, format: Format, now: number): [string, string | null] {
  const { state, organisation_name: name, checked_at, problem } = connection;
  if (state !== 'connected') return [SHORT[state], name];
  if (problem) return [problem.title, name];
  const checked = checked_at ? `Xero checked ${format.ago(checked_at, now)}` : 'Connected to Xero';
  return [name ?? 'Xero', checked];
}
