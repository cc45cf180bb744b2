import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Contact, InvoiceSummary } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import { HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { invoiceState } from '@/ui/states';
import { contactInvoicesQuery, SHOWN_INVOICES } from './api';
import './contact-page.css';

/** The newest invoices of a contact, customer and supplier ones. */
export function ContactInvoices({ contact }: { contact: Contact }) {
  const invoices = useQuery(contactInvoicesQuery(contact.id));
  const format = useFormat();
  const { rows = [], count = 0 } = invoices.data ?? {};
  const list = contact.roles.includes('customer') ? '/invoices' : '/bills';
  return (
    <Card
      title="Invoices"
      end={
        count > SHOWN_INVOICES && (
          <HrefLink href={`${list}?view=all&q=${encodeURIComponent(contact.display_name)}`}>
            All {format.number(count)}
          </HrefLink>
        )
      }
    >
      {invoices.isPending && <Skeleton h={60} />}
      {invoices.isError && <ProblemNote error={invoices.error} onRetry={() => invoices.refetch()} />}
      {invoices.data && rows.length === 0 && <span className="soft">No invoices yet</span>}
      {rows.length > 0 && (
        <ul className="contact-invoices">
          {rows.map((invoice) => (
            <InvoiceLine key={invoice.id} invoice={invoice} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function InvoiceLine({ invoice }: { invoice: InvoiceSummary }) {
  const format = useFormat();
  const { kind, id, job_number, job_description, problems } = invoice;
  const state = invoiceState(invoice);
  return (
    <li>
      <Link
        to={kind === 'customer' ? '/invoices' : '/bills'}
        search={{ view: 'all', open: id }}
        className="contact-invoice"
      >
        <span className="contact-invoice-number">{numberOf(invoice)}</span>
        <span className="contact-invoice-job">{[job_number, job_description].filter(Boolean).join(' ')}</span>
        <span className="contact-invoice-day" title={format.day(invoice.issued_on)}>
          {format.shortDay(invoice.issued_on)}
        </span>
        <span className="contact-invoice-state">
          <StateMark
            of="invoice"
            state={state}
            words={state === 'needs_fix' ? wordsOf(problems) : undefined}
            more={state === 'needs_fix' ? problems.length - 1 : 0}
          />
        </span>
        <span className="contact-invoice-total">{format.money(invoice.total, invoice.currency)}</span>
      </Link>
    </li>
  );
}

/** The first problem; on this page it is plain whose choice an invoice waits for. */
const wordsOf = ([first]: InvoiceSummary['problems']) =>
  first?.code === 'contact_unsure' ? 'Waits for your choice' : first?.title;
