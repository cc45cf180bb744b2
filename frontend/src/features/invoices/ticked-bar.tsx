import { Button } from '@mantine/core';
import { type Icon, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { connectionQuery } from '@/api/shared';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import { HrefButton } from '@/ui/app-link';
import { BulkBar } from '@/ui/index/bulk-bar';
import { ShortMark } from './invoice-mark';
import { sumWords, type TickedInvoice } from './tickable';
import type { InvoiceList } from './use-invoice-list';

type Props = {
  list: InvoiceList;
  busy: boolean;
  /** Exports what is ticked, or only these of it. */
  onExport: (ids?: readonly string[]) => void;
  /** Opens the check with these invoices only. */
  onFix: (ids: readonly string[]) => void;
};

/** What can be done with the ticked invoices, of this list or of another. */
export function TickedBar({ list, busy, onExport, onFix }: Props) {
  const format = useFormat();
  const { selection, count, untick, clear } = list.ticks;
  const ticked = selection.mode === 'ids' ? [...selection.rows.values()] : [];
  const shown = new Set(list.rows.map((row) => row.id));
  return (
    <BulkBar
      label="Ticked invoices"
      count={count}
      sum={ticked.length > 0 ? sumWords(ticked, format) : null}
      lines={ticked.map((one) => ({
        id: one.id,
        number: numberOf(one),
        name: one.contact_name,
        mark: <ShortMark invoice={one} />,
        value: format.money(one.total, one.currency),
      }))}
      away={ticked.filter((one) => !shown.has(one.id)).length}
      actions={<Actions ticked={ticked} count={count} busy={busy} onExport={onExport} onFix={onFix} />}
      onUntick={(id) => ticked.filter((one) => one.id === id).forEach(untick)}
      onClear={clear}
    />
  );
}

type ActionsProps = Pick<Props, 'busy' | 'onExport' | 'onFix'> & {
  ticked: readonly TickedInvoice[];
  count: number;
};

/** Each says how many it is about: those that need a fix are never meant by *Export*. */
function Actions({ ticked, count, busy, onExport, onFix }: ActionsProps) {
  const format = useFormat();
  const state = useQuery(connectionQuery).data?.state;
  const toFix = ticked.filter((one) => one.problems.length > 0).map((one) => one.id);
  const ready = ticked.filter((one) => one.problems.length === 0).map((one) => one.id);
  if (state === 'not_connected' || state === 'connecting') {
    return <HrefButton href="/settings/connections/xero">Connect to export</HrefButton>;
  }
  if (state === 'needs_reconnect' || state === 'removed') {
    return <HrefButton href="/settings/connections/xero">Reconnect to export</HrefButton>;
  }
  return (
    <>
      {toFix.length > 0 && (
        <Action
          words={`Fix ${format.number(toFix.length)}`}
          rest="together"
          quiet={ready.length > 0}
          busy={busy}
          onClick={() => onFix(toFix)}
        />
      )}
      {toFix.length === 0 && (
        <Action
          words={`Export ${format.number(count)}`}
          rest="to Xero"
          icon={IconUpload}
          busy={busy}
          onClick={() => onExport()}
        />
      )}
      {toFix.length > 0 && ready.length > 0 && (
        <Action
          words={`Export ${format.number(ready.length)}`}
          rest="ready"
          icon={IconUpload}
          busy={busy}
          onClick={() => onExport(ready)}
        />
      )}
    </>
  );
}

type ActionProps = {
  words: string;
  /** The end of its name, which a phone has no room to show. */
  rest: string;
  icon?: Icon;
  quiet?: boolean;
  busy: boolean;
  onClick: () => void;
};

function Action({ words, rest, icon: Shape, quiet, busy, onClick }: ActionProps) {
  return (
    <Button
      variant={quiet ? 'default' : 'filled'}
      leftSection={Shape && <Shape size={16} aria-hidden />}
      loading={busy}
      aria-label={`${words} ${rest}`}
      onClick={onClick}
    >
      {words}
      <span className="only-wide">&nbsp;{rest}</span>
    </Button>
  );
}
