import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { isProblem } from '@/api/problem';
import { preferencesQuery } from '@/api/shared';
import type { ExportCheck, InvoiceKind } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { sumWords } from '@/lib/sum-words';
import { type Tab, TabRow } from '@/ui/index/tab-row';
import { Note } from '@/ui/note';
import { ProblemNote, ProblemNotes } from '@/ui/problem-note';
import { useBackCloses } from '@/ui/use-overlay';
import { CauseRow } from './cause-row';
import { causesOf } from './causes';
import { CheckContacts } from './check-contacts';
import { CheckFigures, sumOf } from './check-figures';
import { type Outcome, withdrawnWords } from './outcome';
import type { Exporting, Question } from './use-export';
import './export-dialog.css';

type Props = { exporting: Exporting; kind: InvoiceKind; onLookAgain: () => void };

/** Asks once more before an export: what is ready, what is not and where to fix it, or why it cannot start. */
export function ExportDialog({ exporting, kind, onLookAgain }: Props) {
  const { question, busy, checkAgain, confirm, sendAgain, dismiss } = exporting;
  useBackCloses('check', question !== null, dismiss);
  return (
    <Modal
      opened={question !== null}
      onClose={dismiss}
      size={960}
      title={question && headingOf(question)}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {question?.about === 'check' && (
        <CheckResult
          check={question.check}
          kind={kind}
          busy={busy}
          onCheckAgain={checkAgain}
          onConfirm={confirm}
          onSendAgain={sendAgain}
          onDismiss={dismiss}
        />
      )}
      {question?.about === 'refusal' && (
        <Refusal error={question.error} onDismiss={dismiss} onLookAgain={onLookAgain} />
      )}
    </Modal>
  );
}

function headingOf(question: Question): string {
  if (question.about === 'refusal') return 'Nothing was exported';
  const { ready, total, organisation_name, obstacles } = question.check;
  if (obstacles.length > 0) return 'Nothing can be exported yet';
  if (ready > 0) return `Export ${count(total, 'invoice', 'invoices')} to ${organisation_name}?`;
  return total === 1 ? 'This invoice needs a fix first' : `All ${total} invoices need a fix first`;
}

type ResultProps = {
  check: ExportCheck;
  kind: InvoiceKind;
  busy: boolean;
  onCheckAgain: () => void;
  onConfirm: () => void;
  onSendAgain: () => void;
  onDismiss: () => void;
};

function CheckResult({ check, kind, busy, onConfirm, onSendAgain, onDismiss, onCheckAgain }: ResultProps) {
  const format = useFormat();
  const [fixed, setFixed] = useState<Fixed | null>(null);
  const [chosenTab, setTab] = useState<CheckTab | null>(null);
  const hasTabs = check.contacts.length > 0 && check.needs_fix > 0;
  const tab = hasTabs ? (chosenTab ?? 'causes') : check.needs_fix > 0 ? 'causes' : 'contacts';
  const show = (next: Fixed) => {
    setFixed(next);
    onCheckAgain();
  };
  const onFixed = (words: string, outcome: Outcome, undo: () => Promise<unknown>) =>
    show({ words, outcome, undo });
  const canExport = check.ready > 0 && check.obstacles.length === 0;
  const again = check.obstacles.length === 0 ? check.resendable_ids.length : 0;
  return (
    <Stack gap="md">
      <ProblemNotes problems={check.obstacles} remarks={[]} />
      <div>
        <CheckFigures check={check} />
        {canExport && (
          <Text fz="sm" c="dimmed" mt={8}>
            <StatusLine /> <MarkedLine check={check} />
          </Text>
        )}
      </div>
      {fixed && (
        <FixedNote
          {...fixed}
          check={busy ? null : check}
          onUndone={() => show({ words: `Undone: ${fixed.words}`, outcome: fixed.outcome, undo: null })}
        />
      )}
      {hasTabs && <TabRow label="Parts of the check" tabs={tabsOf(check)} value={tab} onChange={setTab} />}
      {tab === 'contacts' ? (
        <CheckContacts contacts={check.contacts} busy={busy} onDecided={onCheckAgain} />
      ) : (
        <div className="causes check-causes">
          {causesOf(check).map((cause) => (
            <CauseRow
              key={`${cause.code} ${cause.detail}`}
              cause={cause}
              kind={kind}
              numbers={namesOf(cause.ids, check)}
              sum={sumWords(sumOf(cause.ids, check), format)}
              busy={busy}
              onFixed={onFixed}
              onChoose={() => setTab('contacts')}
            />
          ))}
        </div>
      )}
      <Remarks remarks={check.remarks} />
      <Group justify="end" gap="sm" className="check-foot">
        <Button variant="default" onClick={onDismiss}>
          {!canExport ? 'Close' : check.needs_fix > 0 ? 'Fix first' : 'Cancel'}
        </Button>
        {again > 0 && (
          <Button variant="default" onClick={onSendAgain} loading={busy}>
            {canExport ? `Export these and send ${again} again` : `Send ${again} again`}
          </Button>
        )}
        {canExport && (
          <Button onClick={onConfirm} loading={busy} data-autofocus>
            {check.needs_fix > 0 ? `Export the ${check.ready} ready` : `Export ${check.ready}`}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** What deserves a look and holds nothing back: how many invoices, and what. */
function Remarks({ remarks }: Pick<ExportCheck, 'remarks'>) {
  if (remarks.length === 0) return null;
  return (
    <Note tone="info" title="Worth a look before they go">
      <ul className="check-refusals">
        {remarks.map(({ code, title, count: invoices }) => (
          <li key={code}>
            {title} ({count(invoices, 'invoice', 'invoices')})
          </li>
        ))}
      </ul>
    </Note>
  );
}

type CheckTab = 'causes' | 'contacts';

const tabsOf = (check: ExportCheck): Tab<CheckTab>[] => [
  { value: 'causes', label: 'To fix', count: check.needs_fix, warns: true },
  { value: 'contacts', label: 'Who these go to', count: check.contacts.length },
];

/** A cure, with the way back until it was taken. */
type Fixed = { words: string; outcome: Outcome; undo: (() => Promise<unknown>) | null };

type NoteProps = Fixed & { check: ExportCheck | null; onUndone: () => void };

/** What the last cure did, and what it could not do. It takes the focus, for its row may be gone. */
function FixedNote({ words, outcome, undo, check, onUndone }: NoteProps) {
  const client = useQueryClient();
  const note = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each outcome takes the focus once
  useEffect(() => note.current?.focus(), [outcome, undo]);
  const undoing = useMutation({
    mutationFn: async () => undo?.(),
    onSuccess: onUndone,
    onSettled: () => client.invalidateQueries({ queryKey: ['invoices'] }),
  });
  if (undo === null) return <Note ref={note} tabIndex={-1} tone="info" role="status" title={words} />;
  const { done, refused } = outcome;
  // Known once they are checked again.
  const stillHeld = check?.invoices.filter((one) => done.includes(one.invoice_id)).length ?? 0;
  const still = stillHeld > 0 && `${count(stillHeld, 'of them needs', 'of them need')} another fix.`;
  const sentences = [withdrawnWords(outcome), still].filter(Boolean);
  return (
    <Note
      ref={note}
      className="note-with-undo"
      tabIndex={-1}
      tone={refused.length > 0 || outcome.withdrawn.length > 0 ? 'warn' : 'ok'}
      role="status"
      title={done.length > 0 ? words : 'Nothing was changed'}
    >
      {sentences.join(' ')}
      <Refusals refused={refused} />
      {undoing.isError && <ProblemNote error={undoing.error} />}
      {done.length > 0 && (
        <Button
          size="compact-sm"
          variant="subtle"
          className="check-undo"
          loading={undoing.isPending}
          disabled={check === null}
          onClick={() => undoing.mutate()}
        >
          Undo
        </Button>
      )}
    </Note>
  );
}

function Refusals({ refused }: Pick<Outcome, 'refused'>) {
  if (refused.length === 0) return null;
  return (
    <ul className="check-refusals">
      {refused.map(({ id, number, reason }) => (
        <li key={id}>
          {number}: {reason}
        </li>
      ))}
    </ul>
  );
}

const STATUS_WORDS = { DRAFT: 'Draft', SUBMITTED: 'Awaiting approval', AUTHORISED: 'Approved' } as const;

function StatusLine() {
  const { data } = useQuery(preferencesQuery);
  if (!data) return null;
  const { customer_invoice_status: sales, supplier_invoice_status: bills } = data.value;
  if (sales === bills) return <>They arrive in Xero as {STATUS_WORDS[sales]}.</>;
  return (
    <>
      Customer invoices arrive as {STATUS_WORDS[sales]}, supplier invoices as {STATUS_WORDS[bills]}.
    </>
  );
}

/** How many are marked as sent to the customer, and why others are not. */
function MarkedLine({
  check: { marked_as_sent: marked, not_marked_as_sent: others },
}: {
  check: ExportCheck;
}) {
  const said = marked > 0 && `${count(marked, 'is', 'are')} marked as sent to the customer.`;
  const whyNot = others.map(
    ({ invoice_ids, reason }) => `${count(invoice_ids.length, 'isn’t', 'aren’t')} marked as sent: ${reason}`,
  );
  return [said, ...whyNot].filter(Boolean).join(' ');
}

function Refusal({
  error,
  onDismiss,
  onLookAgain,
}: { error: unknown } & Pick<ResultProps, 'onDismiss'> & Pick<Props, 'onLookAgain'>) {
  const changed = isProblem(error, 'selection_changed');
  return (
    <Stack gap="md">
      <ProblemNote error={error} />
      <Group justify="end" gap="sm">
        {changed && <Button onClick={onLookAgain}>Look again</Button>}
        <Button variant="default" onClick={onDismiss}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}

const SHOWN_NAMES = 4;

function namesOf(ids: readonly string[], check: ExportCheck): string {
  const named = new Set(ids);
  const numbers = check.invoices.filter((one) => named.has(one.invoice_id)).map(numberOf);
  const shown = numbers.slice(0, SHOWN_NAMES).join(', ');
  const more = ids.length - Math.min(numbers.length, SHOWN_NAMES);
  return more > 0 ? `${shown} and ${more} more` : shown;
}
