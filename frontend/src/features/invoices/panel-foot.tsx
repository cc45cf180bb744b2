import { Button } from '@mantine/core';
import { IconCheck, IconExternalLink, IconUpload } from '@tabler/icons-react';
import type { Invoice } from '@/api/types';
import { useSession } from '@/api/use-session';
import { HrefButton } from '@/ui/app-link';
import { ProblemNote } from '@/ui/problem-note';
import { useApproval, useExclusion } from './api';
import { sameProblems } from './same-problems';
import { isOnItsWay, whyNotExportable } from './tickable';

type Props = {
  invoice: Invoice;
  busy: boolean;
  /** Exports it; without it, the list of invoices does. */
  onExport?: (id: string) => void;
};

/** The next step with an invoice; and why it is not there yet. */
export function PanelFoot({ invoice, busy, onExport }: Props) {
  const { approve } = useApproval(invoice.id);
  const exclusion = useExclusion(invoice.id);
  const failed = approve.error ?? exclusion.error;
  const why = whyNotYet(invoice);
  const canEdit = useSession().role !== 'viewer' && !isOnItsWay(invoice);
  return (
    <>
      {failed && <ProblemNote error={failed} />}
      {why && <span className="invoice-panel-why">{why}</span>}
      {canEdit && (
        <HrefButton variant="default" href={`/invoices/${invoice.id}/edit`}>
          Edit
        </HrefButton>
      )}
      {whyNotExportable(invoice) === null && onExport && (
        <Button
          leftSection={<IconUpload size={16} aria-hidden />}
          disabled={why !== null}
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
        <Button variant="default" loading={exclusion.isPending} onClick={() => exclusion.mutate(false)}>
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

/** What keeps it from the next step; `null` when nothing does. */
function whyNotYet(invoice: Invoice): string | null {
  const { length } = sameProblems(invoice.problems);
  if (whyNotExportable(invoice) !== null || length === 0) return null;
  return length === 1 ? 'Fix 1 thing to export' : `Fix ${length} things to export`;
}
