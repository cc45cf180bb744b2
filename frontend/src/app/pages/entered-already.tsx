import { EnteredPage } from '@/features/invoices/entered/entered-page';

export function EnteredAlready() {
  return <EnteredPage />;
}
