import { Checkbox, Tooltip, UnstyledButton } from '@mantine/core';
import { type MouseEvent, memo } from 'react';
import type { InvoiceSummary } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { FirstProblem } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { faceOf } from './states';

type Props = {
  invoice: InvoiceSummary;
  ticked: boolean;
  open: boolean;
  onToggle: (id: string, range: boolean) => void;
  onOpen: (id: string) => void;
};

export const InvoiceRow = memo(function InvoiceRow({ invoice, ticked, open, onToggle, onOpen }: Props) {
  const format = useFormat();
  const face = faceOf(invoice);
  const openByClick = (event: MouseEvent<HTMLElement>) => {
    if (!(event.target as HTMLElement).closest('a, button, input, label')) onOpen(invoice.id);
  };
  return (
    <tr
      data-id={invoice.id}
      data-clickable
      data-ticked={ticked || undefined}
      data-open={open || undefined}
      onClick={openByClick}
    >
      <td data-cell="check">
        <Tooltip label={face.untickable} disabled={!face.untickable} position="right">
          <span className="tick">
            <Checkbox
              size="xs"
              checked={ticked}
              disabled={face.untickable !== null}
              aria-label={
                face.untickable ? `${invoice.number}: ${face.untickable}` : `Select ${invoice.number}`
              }
              onChange={ignore}
              onClick={(event) => onToggle(invoice.id, event.shiftKey)}
            />
          </span>
        </Tooltip>
      </td>
      <td data-cell="sub">
        <UnstyledButton className="row-link" onClick={() => onOpen(invoice.id)}>
          {invoice.number}
        </UnstyledButton>
      </td>
      <td data-cell="title">{invoice.contact_name}</td>
      <td data-cell="note">
        <span className="soft">{invoice.job_number}</span> {invoice.job_description}
      </td>
      <td data-cell="date">{format.day(invoice.issued_on)}</td>
      <td data-cell="extra">{invoice.due_on && format.day(invoice.due_on)}</td>
      <td data-cell="amount">{format.money(invoice.total, invoice.currency)}</td>
      <td data-cell="state">
        <StateMark {...face} />
        <FirstProblem {...invoice} />
      </td>
    </tr>
  );
});

// The click has the shift key, the change event has not; React wants a change listener all the same.
const ignore = () => {};
