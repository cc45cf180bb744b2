import { Button } from '@mantine/core';
import { type Icon, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { connectionQuery } from '@/api/shared';
import type { ConnectionState } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import { sumWords } from '@/lib/sum-words';
import { HrefButton } from '@/ui/app-link';
import { BulkBar } from '@/ui/index/bulk-bar';
import { ShortMark } from './invoice-mark';
import { bodyOf } from './selection-body';
import type { TickedInvoice } from './tickable';
import { useBulk } from './use-bulk';
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
  const bulk = useBulk(list);
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
        mark: <ShortMark invoice={one} narrow />,
        value: format.money(one.total, one.currency),
      }))}
      away={ticked.filter((one) => !shown.has(one.id)).length}
      actions={
        <>
          <Action
            words="Leave out"
            rest={format.number(count)}
            look="subtle"
            busy={bulk.leaveOut.isPending}
            onClick={() => bulk.leaveOut.mutate(bodyOf(selection, list.filter, list.total ?? 0))}
          />
          <Steps
            ticked={ticked}
            count={count}
            busy={busy || bulk.approve.isPending}
            onApprove={bulk.approve.mutate}
            onExport={onExport}
            onFix={onFix}
          />
        </>
      }
      onUntick={(id) => ticked.filter((one) => one.id === id).forEach(untick)}
      onClear={clear}
    />
  );
}

type StepsProps = Pick<Props, 'busy' | 'onExport' | 'onFix'> & {
  ticked: readonly TickedInvoice[];
  count: number;
  onApprove: (ids: readonly string[]) => void;
};

const idsOf = (invoices: readonly TickedInvoice[]) => invoices.map((one) => one.id);

/** On the way to Xero, each with how many it is about: drafts and those that need a fix are never meant by *Export*. */
function Steps({ ticked, count, busy, onApprove, onExport, onFix }: StepsProps) {
  const format = useFormat();
  const connecting = connectingWords(useQuery(connectionQuery).data?.state);
  const drafts = ticked.filter((one) => one.status === 'draft');
  const toFix = ticked.filter((one) => one.status !== 'draft' && one.problems.length > 0);
  const ready = ticked.filter((one) => one.status !== 'draft' && one.problems.length === 0);
  const allReady = drafts.length + toFix.length === 0;
  return (
    <>
      {drafts.length > 0 && (
        <Action
          words={`Approve ${format.number(drafts.length)}`}
          rest={drafts.length === 1 ? 'draft' : 'drafts'}
          look={drafts.length < count ? 'default' : 'filled'}
          busy={busy}
          onClick={() => onApprove(idsOf(drafts))}
        />
      )}
      {connecting && drafts.length < count && (
        <HrefButton href="/settings/connections/xero">{connecting}</HrefButton>
      )}
      {!connecting && toFix.length > 0 && (
        <Action
          words={`Fix ${format.number(toFix.length)}`}
          rest="together"
          look={ready.length > 0 ? 'default' : 'filled'}
          busy={busy}
          onClick={() => onFix(idsOf(toFix))}
        />
      )}
      {!connecting && (allReady || ready.length > 0) && (
        <Action
          words={`Export ${format.number(allReady ? count : ready.length)}`}
          rest={allReady ? 'to Xero' : 'ready'}
          icon={IconUpload}
          busy={busy}
          onClick={() => (allReady ? onExport() : onExport(idsOf(ready)))}
        />
      )}
    </>
  );
}

/** What comes before any export when there is no connection to Xero, or it has ended. */
function connectingWords(state: ConnectionState | undefined): string | null {
  if (state === 'not_connected' || state === 'connecting') return 'Connect to export';
  if (state === 'needs_reconnect' || state === 'removed') return 'Reconnect to export';
  return null;
}

type ActionProps = {
  words: string;
  /** The end of its name, which a phone has no room to show. */
  rest: string;
  icon?: Icon;
  look?: 'filled' | 'default' | 'subtle';
  busy: boolean;
  onClick: () => void;
};

function Action({ words, rest, icon: Shape, look = 'filled', busy, onClick }: ActionProps) {
  return (
    <Button
      variant={look}
      leftSection={Shape && <Shape size={16} aria-hidden />}
      loading={busy}
      aria-label={rest ? `${words} ${rest}` : words}
      onClick={onClick}
    >
      {words}
      {rest && <span className="only-wide">&nbsp;{rest}</span>}
    </Button>
  );
}
