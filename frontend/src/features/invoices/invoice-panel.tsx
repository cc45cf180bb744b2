import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import type { Tagged } from '@/api/client';
import type { Invoice } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import { SidePanel } from '@/ui/index/side-panel';
import { type Tab, TabRow } from '@/ui/index/tab-row';
import { ProblemNote } from '@/ui/problem-note';
import { invoiceQuery } from './api';
import { LinkedNote } from './entered/linked-note';
import { InvoiceFacts } from './invoice-facts';
import { InvoiceHistory } from './invoice-history';
import { PanelFoot } from './panel-foot';
import { type HeadingProps, PanelHeading } from './panel-heading';
import { PanelProblems } from './panel-problems';
import { isInXero } from './tickable';
import { XeroPreview } from './xero-preview';
import './invoice-panel.css';

type Props = Omit<HeadingProps, 'invoice'> & {
  id: string;
  busy: boolean;
  /** Exports it; without it, the list of invoices does. */
  onExport?: (id: string) => void;
};

type PanelTab = 'details' | 'preview' | 'history';

const TABS: readonly Tab<PanelTab>[] = [
  { value: 'details', label: 'Details' },
  { value: 'preview', label: 'Xero preview' },
  { value: 'history', label: 'History' },
];

/** One invoice in full: what has to be fixed, with its cure, then the facts, lines and totals. */
export function InvoicePanel(props: Props) {
  const { id, busy, onExport, onClose } = props;
  const query = useQuery(invoiceQuery(id));
  // It stays while the invoices are looked through one after the other.
  const [tab, setTab] = useState<PanelTab>('details');
  const invoice = query.data?.value;
  return (
    <SidePanel
      label={invoice ? numberOf(invoice) : 'Invoice'}
      onClose={onClose}
      onKeyDown={(event) => showByKey(event, props)}
      head={
        <>
          <PanelHeading invoice={invoice} {...props} />
          <TabRow label="Parts of the invoice" tabs={TABS} value={tab} onChange={setTab} />
        </>
      }
      foot={invoice && <PanelFoot invoice={invoice} busy={busy} onExport={onExport} />}
    >
      {query.isPending && <Skeleton h={240} mt="md" />}
      {query.isError && (
        <ProblemNote error={query.error} title="This invoice didn’t load" onRetry={() => query.refetch()} />
      )}
      {query.data && tab === 'details' && <Details key={id} invoice={query.data} />}
      {invoice && tab === 'preview' && <XeroPreview key={id} invoice={invoice} />}
      {invoice && tab === 'history' && <InvoiceHistory key={id} invoice={invoice} />}
    </SidePanel>
  );
}

function Details({ invoice }: { invoice: Tagged<Invoice> }) {
  return (
    <>
      <PanelProblems invoice={invoice} />
      {isInXero(invoice.value) && <LinkedNote invoice={invoice.value} />}
      <InvoiceFacts invoice={invoice.value} />
    </>
  );
}

/** J and K show the next invoice and the one before, like in the list. They do nothing in a field. */
function showByKey(event: KeyboardEvent<HTMLElement>, { previous, next, onShow }: Props) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if ((event.target as HTMLElement).closest('input, textarea, [role="menu"], [role="listbox"]')) return;
  const id = { j: next, k: previous }[event.key.toLowerCase()];
  if (id === undefined) return;
  event.preventDefault();
  onShow(id);
}
