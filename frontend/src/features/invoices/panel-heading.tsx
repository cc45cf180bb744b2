import { ActionIcon, CloseButton, Title } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Invoice } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import { HrefLink } from '@/ui/app-link';
import { usePanelPlace } from '@/ui/index/use-panel-place';
import { ShortMark } from './invoice-mark';
import { InvoiceMenu } from './invoice-menu';

export type HeadingProps = {
  invoice: Invoice | undefined;
  /** The invoices before and after it in the list. */
  previous: string | undefined;
  next: string | undefined;
  onShow: (id: string) => void;
  onClose: () => void;
};

/** Which invoice it is, with its state and total; the way to its neighbours and to what is done rarely. */
export function PanelHeading({ invoice, previous, next, onShow, onClose }: HeadingProps) {
  const format = useFormat();
  const heading = useHeadingFocus(invoice);
  const isPage = usePanelPlace() === 'page';
  return (
    <>
      <div className="invoice-panel-tools">
        <Step id={previous} label="Previous invoice" onShow={onShow}>
          <IconChevronUp size={18} stroke={1.8} aria-hidden />
        </Step>
        <Step id={next} label="Next invoice" onShow={onShow}>
          <IconChevronDown size={18} stroke={1.8} aria-hidden />
        </Step>
        {invoice && <InvoiceMenu invoice={invoice} />}
        <CloseButton size={36} aria-label="Close details" onClick={onClose} className="only-wide" />
      </div>
      <div className="invoice-panel-title">
        <div>
          <div className="invoice-panel-number">
            <Title order={isPage ? 1 : 2} ref={heading} tabIndex={-1} className="quiet-focus">
              {invoice ? numberOf(invoice) : 'Invoice'}
            </Title>
            {invoice && <ShortMark invoice={invoice} />}
          </div>
          {invoice && (
            <HrefLink href={`/contacts/${invoice.contact_id}`} className="invoice-panel-contact">
              {invoice.contact_name}
            </HrefLink>
          )}
        </div>
        {invoice && (
          <span className="invoice-panel-total">{format.money(invoice.total, invoice.currency)}</span>
        )}
      </div>
    </>
  );
}

/** The focus follows each newly opened invoice, and comes back when its field went with the problem it fixed. */
function useHeadingFocus(invoice: Invoice | undefined) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef<string | undefined>(undefined);
  const problems = invoice?.problems.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of problems only says when to look
  useEffect(() => {
    const isNew = shown.current !== invoice?.id;
    shown.current = invoice?.id;
    if (isNew || document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [invoice?.id, problems]);
  return heading;
}

type StepProps = { id: string | undefined; label: string; onShow: (id: string) => void; children: ReactNode };

function Step({ id, label, onShow, children }: StepProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      className="only-wide"
      aria-label={label}
      disabled={id === undefined}
      onClick={() => id !== undefined && onShow(id)}
    >
      {children}
    </ActionIcon>
  );
}
