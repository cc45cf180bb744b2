import type { InvoiceSummary } from '@/api/types';
import { StateMark } from '@/ui/state-mark';
import { invoiceState } from '@/ui/states';
import { sameProblems } from './same-problems';

type Marked = Pick<InvoiceSummary, 'status' | 'export_state' | 'problems'>;

/** The state of an invoice in few words: "Ready", "2 to fix"; in a narrow place "Changed" alone. */
export function ShortMark({ invoice, narrow }: { invoice: Marked; narrow?: boolean }) {
  const state = invoiceState(invoice);
  const shorter = narrow && state === 'changed' ? 'Changed' : undefined;
  const words = state === 'needs_fix' ? `${sameProblems(invoice.problems).length} to fix` : shorter;
  return <StateMark of="invoice" state={state} words={words} />;
}

/** The state of an invoice with its first unread remark; or the first standing problem, and how many more there are. */
export function InvoiceMark({
  invoice,
}: {
  invoice: Marked & Pick<InvoiceSummary, 'remarks' | 'remarks_read_at'>;
}) {
  const state = invoiceState(invoice);
  const remark = invoice.remarks_read_at === null ? invoice.remarks[0]?.title : undefined;
  const [first, ...others] = sameProblems(invoice.problems);
  if (state === 'needs_fix') {
    return <StateMark of="invoice" state={state} words={first?.problem.title} more={others.length} />;
  }
  if (state === 'not_accepted') {
    const words = `Not accepted: ${lowered(first?.problem.title ?? '')}`;
    return <StateMark of="invoice" state={state} words={words} more={others.length} />;
  }
  return (
    // On a phone *Ready* is what a row says when it says nothing.
    <span className={state === 'not_exported' && !remark ? 'only-wide' : undefined}>
      <StateMark of="invoice" state={state} />
      {remark && <span className="invoice-remark">{remark}</span>}
    </span>
  );
}

const lowered = (sentence: string) => sentence.charAt(0).toLowerCase() + sentence.slice(1);
