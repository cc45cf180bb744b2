import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { isProblem } from '@/api/problem';
import { preferencesQuery } from '@/api/shared';
import type { ExportCheck } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { ProblemNote } from '@/ui/problem-note';
import type { Question } from './use-export';
import './export-dialog.css';
import { numberOf } from '@/lib/invoice-number';

type Props = {
  question: Question | null;
  busy: boolean;
  onConfirm: () => void;
  onDismiss: () => void;
  onLookAgain: () => void;
};

/** Asks once more before an export: what is ready, what is not and where to mend it, or why it cannot start. */
export function ExportDialog({ question, onDismiss, ...rest }: Props) {
  return (
    <Modal
      opened={question !== null}
      onClose={onDismiss}
      size="lg"
      title={question && headingOf(question)}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {question?.about === 'check' && <CheckResult check={question.check} onDismiss={onDismiss} {...rest} />}
      {question?.about === 'refusal' && (
        <Refusal error={question.error} onDismiss={onDismiss} onLookAgain={rest.onLookAgain} />
      )}
    </Modal>
  );
}

function headingOf(question: Question): string {
  if (question.about === 'refusal') return 'Nothing was exported';
  const { ready, total, organisation_name } = question.check;
  if (ready > 0) return `Export ${count(total, 'invoice', 'invoices')} to ${organisation_name}?`;
  return total === 1 ? 'This invoice needs a fix first' : `All ${total} invoices need a fix first`;
}

type ResultProps = Omit<Props, 'question' | 'onLookAgain'> & { check: ExportCheck };

function CheckResult({ check, busy, onConfirm, onDismiss }: ResultProps) {
  const format = useFormat();
  const amounts = check.ready_totals.map((one) => format.money(one.total, one.currency)).join(' and ');
  return (
    <Stack gap="md">
      {check.ready > 0 && (
        <Text className="check-line" data-tone="ok">
          <IconCircleCheck size={18} aria-hidden /> {count(check.ready, 'invoice is', 'invoices are')} ready:{' '}
          <span className="tnum">{amounts}</span>
        </Text>
      )}
      {check.ready > 0 && (
        <Text fz="sm" c="dimmed">
          <StatusLine />
          {check.new_contacts.length > 0 &&
            ` ${count(check.new_contacts.length, 'contact is', 'contacts are')} added to Xero first.`}
        </Text>
      )}
      {check.groups.map((problem) => (
        <ProblemNote key={`${problem.code}${problem.title}`} problem={problem}>
          <Text fz="sm" c="dimmed">
            {namesOf(problem.invoice_ids, check)}
          </Text>
        </ProblemNote>
      ))}
      <Group justify="end" gap="sm">
        <Button variant="default" onClick={onDismiss}>
          {check.ready === 0 ? 'Close' : check.needs_fix > 0 ? 'Fix first' : 'Cancel'}
        </Button>
        {check.ready > 0 && (
          <Button onClick={onConfirm} loading={busy} data-autofocus>
            {check.needs_fix > 0 ? `Export the ${check.ready} ready` : `Export ${check.ready}`}
          </Button>
        )}
      </Group>
    </Stack>
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

function Refusal({
  error,
  onDismiss,
  onLookAgain,
}: { error: unknown } & Pick<Props, 'onDismiss' | 'onLookAgain'>) {
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
