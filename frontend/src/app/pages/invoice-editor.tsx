import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { Invoice } from '@/api/types';
import { EditorPage } from '@/features/invoices/editor/editor-page';

const route = getRouteApi('/signed-in/invoices/$invoiceId/edit');

export function InvoiceEditor() {
  const { invoiceId } = route.useParams();
  const router = useRouter();
  const leave = (invoice: Invoice) => {
    if (router.state.location.state.cameFrom) return router.history.back();
    const to = invoice.kind === 'customer' ? '/invoices' : '/bills';
    return router.navigate({ to, search: { view: 'all', open: invoice.id }, replace: true });
  };
  return <EditorPage key={invoiceId} id={invoiceId} onDone={leave} />;
}
