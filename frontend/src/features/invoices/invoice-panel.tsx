import { ActionIcon, Button, CloseButton, Skeleton, Title } from '@mantine/core';
import { IconCheck, IconChevronDown, IconChevronUp, IconExternalLink, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Invoice } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { SidePanel } from '@/ui/index/side-panel';
import { usePanelPlace } from '@/ui/index/use-panel-place';
import { ProblemNote, ProblemNotes } from '@/ui/problem-note';
import { Answers } from './answers';
import { invoiceQuery, useApproval, useReadRemarks, useTakeIn } from './api';
import { Cure } from './cure';
import { curePlace } from './cures';
import { LinkedNote } from './entered/linked-note';
import { InvoiceFacts } from './invoice-facts';
import { ShortMark } from './invoice-mark';
import { whyNotExportable } from './tickable';
import './invoice-panel.css';
import { numberOf } from '@/lib/invoice-number';

type Props = {
  id: string;
  /** The invoices before and after it in the list. */
  previous: string | undefined;
  next: string | undefined;
  busy: boolean;
  onShow: (id: string) => void;
  /** Exports it; without it, the list of invoices does. */
  onExport?: (id: string) => void;
  onClose: () => void;
};

const IN_XERO: ReadonlySet<Invoice['export_state']> = new Set(['exported', 'changed', 'voided']);

/** One invoice in full: what has to be fixed, with its cure, then the facts, lines and totals. */
export function InvoicePanel(props: Props) {
  const { id, busy, onExport, onClose } = props;
  const query = useQuery(invoiceQuery(id));
  const invoice = query.data?.value;
  return (
    <SidePanel
      label={invoice ? numberOf(invoice) : 'Invoice'}
      onClose={onClose}
      head={<Heading invoice={invoice} {...props} />}
      foot={invoice && <Actions invoice={invoice} busy={busy} onExport={onExport} />}
    >
      {query.isPending && <Skeleton h={240} mt="md" />}
      {query.isError && (
        <ProblemNote error={query.error} title="This invoice didn’t load" onRetry={() => query.refetch()} />
      )}
      {query.data && (
        <>
          <ProblemNotes
            problems={query.data.value.problems}
            remarks={query.data.value.remarks}
            cureOf={(problem) =>
              problem.choices.length > 0 ? (
                <Answers problem={problem} invoice={query.data.value} />
              ) : (
                curePlace(problem) && <Cure problem={problem} invoice={query.data} />
              )
            }
            afterRemarks={query.data.value.remarks_read_at === null && <ReadRemarks id={id} />}
          />
          {IN_XERO.has(query.data.value.export_state) && <LinkedNote invoice={query.data.value} />}
          <InvoiceFacts invoice={query.data.value} />
        </>
      )}
    </SidePanel>
  );
}

type HeadingProps = Pick<Props, 'previous' | 'next' | 'onShow' | 'onClose'> & {
  invoice: Invoice | undefined;
};

function Heading({ invoice, previous, next, onShow, onClose }: HeadingProps) {
  const format = useFormat();
  const heading = useRef<HTMLHeadingElement>(null);
  const isPage = usePanelPlace() === 'page';
  const shown = useRef<string | undefined>(undefined);
  const problems = invoice?.problems.length;
  // The focus follows each newly opened invoice, and comes back when its field went with the problem it fixed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of problems only says when to look
  useEffect(() => {
    const isNew = shown.current !== invoice?.id;
    shown.current = invoice?.id;
    if (isNew || document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [invoice?.id, problems]);
  return (
    <>
      <div className="invoice-panel-tools">
        <Step id={previous} label="Previous invoice" onShow={onShow}>
          <IconChevronUp size={18} stroke={1.8} aria-hidden />
        </Step>
        <Step id={next} label="Next invoice" onShow={onShow}>
          <IconChevronDown size={18} stroke={1.8} aria-hidden />
        </Step>
        <CloseButton size={36} aria-label="Close details" onClick={onClose} ml="auto" className="only-wide" />
      </div>
      <div className="invoice-panel-title">
        <div>
          <div className="invoice-panel-number">
            <Title order={isPage ? 1 : 2} ref={heading} tabIndex={-1} className="quiet-focus">
              {invoice ? numberOf(invoice) : 'Invoice'}
            </Title>
            {invoice && <ShortMark invoice={invoice} />}
          </div>
          <span className="soft">{invoice?.contact_name}</span>
        </div>
        {invoice && (
          <span className="invoice-panel-total">{format.money(invoice.total, invoice.currency)}</span>
        )}
      </div>
    </>
  );
}

type StepProps = { id: string | undefined; label: string; onShow: (id: string) => void; children: ReactNode };

function Step({ id, label, onShow, children }: StepProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      aria-label={label}
      disabled={id === undefined}
      onClick={() => id !== undefined && onShow(id)}
    >
      {children}
    </ActionIcon>
  );
}

/** The button after unread remarks. */
function ReadRemarks({ id }: { id: string }) {
  const read = useReadRemarks(id);
  return (
    <div>
      <Button size="xs" variant="default" loading={read.isPending} onClick={() => read.mutate()}>
        Mark as read
      </Button>
      {read.error && <ProblemNote error={read.error} />}
    </div>
  );
}

function Actions({ invoice, busy, onExport }: { invoice: Invoice } & Pick<Props, 'busy' | 'onExport'>) {
  const { approve, withdraw } = useApproval(invoice.id);
  const takeIn = useTakeIn(invoice.id);
  const failed = approve.error ?? withdraw.error ?? takeIn.error;
  const toFix = invoice.problems.length;
  const canExport = whyNotExportable(invoice) === null;
  return (
    <>
      {failed && <ProblemNote error={failed} />}
      {canExport && toFix > 0 && (
        <span className="invoice-panel-why">
          {toFix === 1 ? 'Fix 1 thing to export' : `Fix ${toFix} things to export`}
        </span>
      )}
      {canExport && (
        <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
          Withdraw approval
        </Button>
      )}
      {canExport && onExport && (
        <Button
          variant={toFix > 0 ? 'default' : 'filled'}
          leftSection={<IconUpload size={16} aria-hidden />}
          loading={busy}
          onClick={() => onExport(invoice.id)}
        >
          Export to Xero
        </Button>
      )}
      {invoice.status === 'draft' && (
        <Button
          leftSection={<IconCheck size={16} aria-hidden />}
          loading={approve.isPending}
          onClick={() => approve.mutate()}
        >
          Approve
        </Button>
      )}
      {invoice.export_state === 'excluded' && (
        <Button variant="default" loading={takeIn.isPending} onClick={() => takeIn.mutate()}>
          Include in exports again
        </Button>
      )}
      {invoice.external_url && (
        <Button
          component="a"
          href={invoice.external_url}
          target="_blank"
          rel="noopener noreferrer"
          rightSection={<IconExternalLink size={15} aria-hidden />}
        >
          Open in Xero
        </Button>
      )}
    </>
  );
}
