import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { InvoiceKind } from '@/api/types';
import { showRunToast } from '@/features/exports/run-toast';
import { InvoicesPage } from '@/features/invoices/invoices-page';
import type { InvoicesSearch } from '@/features/invoices/search';

export const CustomerInvoices = () => <Invoices kind="customer" />;

export const SupplierInvoices = () => <Invoices kind="supplier" />;

function Invoices({ kind }: { kind: InvoiceKind }) {
  const search: InvoicesSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const onSearch = useCallback(
    (change: Partial<InvoicesSearch>) =>
      // Another view is a step that the back button undoes; typing is not.
      navigate({ to: '.', search: (now: object) => ({ ...now, ...change }), replace: !('view' in change) }),
    [navigate],
  );
  return <InvoicesPage kind={kind} search={search} onSearch={onSearch} onExportStarted={showRunToast} />;
}
