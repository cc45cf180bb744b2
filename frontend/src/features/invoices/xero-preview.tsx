import { Button, SegmentedControl, Skeleton, Title } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { trackingCategoriesQuery } from '@/api/ledger';
import type { Invoice } from '@/api/types';
import { lineTotal } from '@/lib/line-totals';
import { type Format, useFormat } from '@/lib/locale';
import { usePanelPlace } from '@/ui/index/use-panel-place';
import { ProblemNote } from '@/ui/problem-note';
import { previewQuery } from './api';
import { isErased, WhatIsLeft } from './erased-preview';
import { Facts } from './facts';
import { newInXero } from './goes-to';
import { InvoiceTotals } from './invoice-facts';
import { type ElementLine, elementText, readElement, type XeroElement } from './xero-element';
import './xero-preview.css';

type View = 'document' | 'bytes';

/** What an export sends to Xero, or has sent: as Xero shows it, or as the call contains it. */
export function XeroPreview({ invoice }: { invoice: Invoice }) {
  const preview = useQuery(previewQuery(invoice.id));
  const [view, setView] = useState<View>('document');
  const isPage = usePanelPlace() === 'page';
  const shown = preview.data && !isErased(preview.data) ? preview.data : null;
  return (
    <section className="xero-preview" aria-labelledby="xero-preview">
      <div className="xero-preview-head">
        <Title order={isPage ? 2 : 3} fz="sm" id="xero-preview">
          {titleOf(invoice, preview.data?.sent_at)}
        </Title>
        {!(preview.data && isErased(preview.data)) && (
          <SegmentedControl
            size="xs"
            aria-label="How it is shown"
            value={view}
            onChange={(next) => setView(next as View)}
            data={[
              { value: 'document', label: 'As a document' },
              { value: 'bytes', label: 'Exact bytes' },
            ]}
          />
        )}
      </div>
      {preview.isPending && <Skeleton h={240} />}
      {preview.isError && (
        <ProblemNote
          error={preview.error}
          title="There is no preview now"
          onRetry={() => preview.refetch()}
        />
      )}
      {preview.data && isErased(preview.data) && <WhatIsLeft preview={preview.data} />}
      {shown && view === 'document' && <AsDocument invoice={invoice} element={readElement(shown)} />}
      {shown && view === 'bytes' && (
        <ExactBytes
          call={`${shown.method} ${shown.path}`}
          text={elementText(shown)}
          exact={shown.element_json}
          isNewContact={!readElement(shown).hasContact}
        />
      )}
    </section>
  );
}

const titleOf = ({ export_state }: Invoice, sentAt: string | null | undefined): string => {
  if (sentAt) return 'What went to Xero';
  // Somebody has linked it: no export has sent it.
  return export_state === 'exported' ? 'What an export would send' : 'What will go to Xero';
};

const AMOUNTS: Record<string, string> = { Exclusive: 'Before GST', Inclusive: 'With GST', NoTax: 'No GST' };
const STATUSES: Record<string, string> = {
  DRAFT: 'Draft',
  SUBMITTED: 'Awaiting approval',
  AUTHORISED: 'Approved',
};

type DocumentProps = { invoice: Invoice; element: XeroElement };

function AsDocument({ invoice, element }: DocumentProps) {
  const format = useFormat();
  const categories = useQuery(trackingCategoriesQuery).data ?? [];
  const options = categories.flatMap((category) => category.options);
  const optionOf = ({ optionId }: ElementLine) => options.find(({ id }) => id === optionId)?.name;
  const { number, reference, issuedOn, dueOn, amounts, status, currency } = element;
  const facts: [string, ReactNode][] = [
    ['To', element.hasContact ? invoice.contact_name : newInXero(invoice.contact_name)],
    ['Number', number],
    ['Reference', reference],
    ['Issue date', issuedOn && format.day(issuedOn)],
    ['Due date', dueOn && format.day(dueOn)],
    ['Amounts are', amounts && [AMOUNTS[amounts] ?? amounts, currency].filter(Boolean).join(', ')],
    ['Arrives as', status && (STATUSES[status] ?? status)],
  ];
  return (
    <>
      <Facts facts={facts} />
      <ol className="invoice-lines">
        {element.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
          <li key={index}>
            <span>
              {line.description}
              <span className="invoice-line-detail">
                {lineWords(line, optionOf(line), currency ?? invoice.currency, format)}
              </span>
            </span>
            <span className="tnum nowrap">
              {line.price === null ? (
                <span className="invoice-line-detail">text only</span>
              ) : (
                format.money(amountOf(line), currency ?? invoice.currency)
              )}
            </span>
          </li>
        ))}
      </ol>
      {/* The totals are those of today. */}
      {invoice.export_state !== 'changed' && <InvoiceTotals invoice={invoice} />}
    </>
  );
}

const amountOf = ({ quantity, price, discount }: ElementLine): string =>
  lineTotal(
    { quantity: quantity ?? '1', unit_price: price ?? '0', discount_percent: discount ?? '0', tax_rate: '0' },
    'no_tax',
  ).line_amount;

function lineWords(line: ElementLine, option: string | undefined, currency: string, format: Format): string {
  if (line.price === null || line.quantity === null) return '';
  return [
    `${format.decimal(line.quantity)} × ${format.price(line.price, currency)}`,
    line.discount && `${format.decimal(line.discount)}% off`,
    line.account ?? 'no account',
    line.taxType ?? 'no tax type',
    option,
  ]
    .filter(Boolean)
    .join(' · ');
}

type BytesProps = { call: string; text: string; exact: string; isNewContact: boolean };

function ExactBytes({ call, text, exact, isNewContact }: BytesProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(exact);
    setCopied(true);
  };
  return (
    <>
      {isNewContact && (
        <p className="xero-bytes-not-yet">
          Not the final bytes yet: the contact is new, and its id will stand in place of “null” once the
          export has created it.
        </p>
      )}
      <div className="xero-bytes-head">
        <code>{call}</code>
        <Button
          size="xs"
          variant="default"
          leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
          onClick={copy}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard has to reach it */}
      <section className="xero-bytes" tabIndex={0} aria-label="The element of the call">
        <pre>{text}</pre>
      </section>
      <p className="soft">Spaces and line breaks are added for reading; the copy has none.</p>
    </>
  );
}
