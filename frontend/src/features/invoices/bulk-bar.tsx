import { Button, CloseButton, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { connectionQuery } from '@/api/shared';
import { useFormat } from '@/lib/locale';
import type { Amount } from '@/lib/money';
import { HrefButton } from '@/ui/app-link';
import './bulk-bar.css';

type Props = {
  count: number;
  /** One sum per currency, or nothing when rows are ticked that this page does not show. */
  amounts: readonly Amount[] | null;
  busy: boolean;
  onExport: () => void;
  onClear: () => void;
};

/** What can be done with the ticked invoices; always within reach, at thumb height on a phone. */
export function BulkBar({ count, amounts, busy, onExport, onClear }: Props) {
  const format = useFormat();
  if (count === 0) return null;
  return (
    <section className="bulk-bar" aria-label="Ticked invoices">
      <Text fz="sm" fw={600} className="nowrap" role="status">
        {format.number(count)} ticked
      </Text>
      {amounts && (
        <Text fz="sm" c="dimmed" className="nowrap tnum bulk-bar-sum">
          {amounts.map((one) => format.money(one.total, one.currency)).join(' + ')}
        </Text>
      )}
      <ExportButton busy={busy} onExport={onExport} />
      <CloseButton size={36} aria-label="Untick all" onClick={onClear} />
    </section>
  );
}

function ExportButton({ busy, onExport }: { busy: boolean; onExport: () => void }) {
  const { data: connection } = useQuery(connectionQuery);
  if (connection?.state === 'not_connected' || connection?.state === 'connecting') {
    return (
      <HrefButton size="sm" href="/settings/connections/xero">
        Connect to export
      </HrefButton>
    );
  }
  if (connection?.state === 'needs_reconnect' || connection?.state === 'removed') {
    return (
      <HrefButton size="sm" href="/settings/connections/xero">
        Reconnect to export
      </HrefButton>
    );
  }
  return (
    <Button size="sm" leftSection={<IconUpload size={16} aria-hidden />} loading={busy} onClick={onExport}>
      Export to Xero
    </Button>
  );
}
