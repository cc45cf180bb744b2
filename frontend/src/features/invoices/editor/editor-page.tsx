import { SegmentedControl, Skeleton, TextInput, Title } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Tagged } from '@/api/client';
import { codesQuery, taxRatesQuery } from '@/api/ledger';
import { preferencesQuery } from '@/api/shared';
import type { Invoice, ResourceProblem } from '@/api/types';
import { invoiceQuery } from '@/features/invoices/api';
import { InvoiceTotals } from '@/features/invoices/invoice-facts';
import { ShortMark } from '@/features/invoices/invoice-mark';
import { sameProblems } from '@/features/invoices/same-problems';
import { WORDS } from '@/features/invoices/words';
import { numberOf } from '@/lib/invoice-number';
import type { Amounts } from '@/lib/line-totals';
import { count } from '@/lib/plural';
import { DateField } from '@/ui/fields/date-field';
import { LeaveGuard } from '@/ui/leave-guard';
import { Note } from '@/ui/note';
import { Overtaken } from '@/ui/overtaken';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';
import { SaveBar } from '@/ui/save-bar';
import { toastDone } from '@/ui/toast';
import { type Draft, type Taxes, totalsOf } from './draft';
import { LineTable } from './line-table';
import { type Editor, useEditor } from './use-editor';
import '@/features/invoices/invoice-panel.css';
import './editor.css';

const FORM = 'invoice';

type Props = { id: string; onDone: (invoice: Invoice) => void };

/** An invoice with all that can be changed of it. */
export function EditorPage({ id, onDone }: Props) {
  // What somebody else saves meanwhile must not pull the fields from under somebody's hands.
  const query = useQuery({ ...invoiceQuery(id), staleTime: Number.POSITIVE_INFINITY });
  if (query.data) return <EditorForm loaded={query.data} onDone={onDone} />;
  return (
    <Page title="Edit the invoice">
      {query.isPending && <Skeleton h={420} />}
      {query.isError && (
        <ProblemNote error={query.error} title="This invoice didn’t load" onRetry={() => query.refetch()} />
      )}
    </Page>
  );
}

function EditorForm({ loaded, onDone }: { loaded: Tagged<Invoice> } & Pick<Props, 'onDone'>) {
  const editor = useEditor(loaded, ({ approval_withdrawn: isDraftAgain, ...saved }, isApproved) =>
    toastDone(
      `${numberOf(saved)} is ${isApproved ? 'approved' : 'saved'}`,
      isDraftAgain && 'Its amounts have changed, so it is a draft again: approve it to export it.',
    ),
  );
  const { invoice, draft, change } = editor;
  const taxes = useTaxes(invoice);
  const { isSaved } = editor;
  // The guard has to be gone before the page is left.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is left once, when it is saved
  useEffect(() => {
    if (isSaved) onDone(invoice);
  }, [isSaved]);
  const form = useRef<HTMLFormElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when it was to be saved, not before
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [editor.asked, editor.refused]);
  const isDraft = invoice.status === 'draft';
  // Also while nothing has the focus.
  useWindowEvent('keydown', (event) => {
    const isApproval = isDraft && event.key === 'Enter';
    if (!(event.ctrlKey || event.metaKey) || !(isApproval || event.key.toLowerCase() === 's')) return;
    event.preventDefault();
    if (editor.saving || isSaved) return;
    if (isApproval) editor.approve();
    else if (editor.changed) editor.save();
  });
  const list = { to: invoice.kind === 'customer' ? '/invoices' : '/bills', label: WORDS[invoice.kind].title };
  return (
    <Page title={`Edit ${numberOf(invoice)}`} back={list} mark={<ShortMark invoice={invoice} />}>
      <form
        id={FORM}
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          editor.save();
        }}
      >
        {editor.overtaken && <Overtaken onTheirs={editor.takeTheirs} onMine={editor.keepMine} />}
        {editor.error && (
          <div className="editor-refusal">
            <ProblemNote error={editor.error} />
          </div>
        )}
        {invoice.export_state !== 'not_exported' && invoice.external_url && (
          <Note tone="info" title="It is in Xero already" mb="md">
            What you change here doesn’t change it there.
          </Note>
        )}
        <Head {...editor} />
        <div className="editor-lines-head">
          <Title order={2}>Lines</Title>
          <AmountsAre value={draft.amounts} onChange={(amounts) => change({ amounts })} />
        </div>
        <LineTable
          invoice={invoice}
          lines={draft.lines}
          amounts={draft.amounts}
          taxes={taxes}
          marks={editor.marks}
          problems={editor.check ?? invoice.problems}
          onChange={(lines) => change({ lines })}
        />
        <div className="editor-totals" aria-live="polite">
          <InvoiceTotals invoice={{ ...totalsOf(draft, taxes), currency: invoice.currency }} />
        </div>
      </form>
      <SaveBar
        shown={(editor.changed || isDraft) && !isSaved}
        changed={editor.changed}
        saving={editor.saving}
        onApprove={isDraft ? editor.approve : undefined}
        form={FORM}
        words={
          editor.wrong > 0 ? (
            <WrongWords fields={editor.wrong} />
          ) : (
            <CheckWords
              problems={editor.check}
              changed={editor.changed}
              becomesDraft={becomesDraft(invoice, draft, taxes)}
            />
          )
        }
        onDiscard={editor.discard}
      />
      <LeaveGuard active={editor.changed && !isSaved} />
    </Page>
  );
}

function useTaxes({ kind }: Invoice): Taxes {
  const rates = useQuery(taxRatesQuery).data ?? [];
  const codes = useQuery(codesQuery(kind === 'customer' ? 'income' : 'expense')).data ?? [];
  return { rates, codes, preferences: useQuery(preferencesQuery).data?.value, kind };
}

function Head({ invoice, draft, change, marks }: Editor) {
  return (
    <div className="editor-head">
      <dl className="editor-contact">
        <dt>{WORDS[invoice.kind].party}</dt>
        <dd>{invoice.contact_name}</dd>
      </dl>
      <TextInput
        label="Reference"
        value={draft.reference}
        maxLength={255}
        error={marks.get('reference')}
        onChange={(event) => change({ reference: event.currentTarget.value })}
      />
      <DateField
        label="Date"
        error={marks.get('issued_on')}
        value={draft.issued_on}
        onChange={(day) => day !== null && change({ issued_on: day })}
      />
      <DateField
        label="Due"
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the due date' }}
        error={marks.get('due_on')}
        value={draft.due_on}
        onChange={(due_on) => change({ due_on })}
      />
    </div>
  );
}

function AmountsAre({ value, onChange }: { value: Amounts; onChange: (value: Amounts) => void }) {
  return (
    <div className="editor-amounts">
      <span id="amounts-are">Amounts are</span>
      <SegmentedControl
        size="xs"
        aria-labelledby="amounts-are"
        value={value}
        onChange={(next) => onChange(next as Amounts)}
        data={[
          { value: 'exclusive', label: 'before GST' },
          { value: 'inclusive', label: 'with GST' },
          { value: 'no_tax', label: 'without GST' },
        ]}
      />
    </div>
  );
}

/** An approval holds for the amounts that were approved. */
const becomesDraft = (invoice: Invoice, draft: Draft, taxes: Taxes) =>
  invoice.status === 'approved' && totalsOf(draft, taxes).total !== invoice.total;

const WrongWords = ({ fields }: { fields: number }) => (
  <span className="editor-check" data-tone="warn">
    <IconAlertTriangle size={17} stroke={1.8} aria-hidden />
    <span>{count(fields, 'field', 'fields')} to correct before it can be saved</span>
  </span>
);

type CheckProps = { problems: ResourceProblem[] | null; changed: boolean; becomesDraft: boolean };

/** What would stand against it as it is written now, and what saving does to its approval. */
function CheckWords({ problems, changed, becomesDraft: isDraftAgain }: CheckProps) {
  const causes = sameProblems(problems ?? []);
  const first = causes[0]?.problem;
  const rest = [
    problems === null && (changed ? 'Not saved yet.' : 'A draft is not exported before it is approved.'),
    problems?.length === 0 && 'Nothing stands against it.',
    isDraftAgain && 'It becomes a draft again.',
  ].filter(Boolean);
  return (
    <span className="editor-check" data-tone={first || isDraftAgain ? 'warn' : 'ok'}>
      {first || isDraftAgain ? (
        <IconAlertTriangle size={17} stroke={1.8} aria-hidden />
      ) : (
        problems && <IconCircleCheck size={17} stroke={1.8} aria-hidden />
      )}
      <span>
        {first && (
          <>
            {causes.length} to fix before it can go to Xero
            <span className="only-wide">: {first.detail}</span>
            {rest.length > 0 && ' · '}
          </>
        )}
        {rest.join(' ')}
      </span>
    </span>
  );
}
