import { useSearch } from '@tanstack/react-router';
import { ConnectionPage } from '@/features/connection/connection-page';
import { ImportOffer } from '@/features/contact-imports/import-offer';
import { EnteredOffer } from '@/features/invoices/entered/entered-offer';

export function Connections() {
  const { problem } = useSearch({ strict: false });
  const offer = (
    <>
      <ImportOffer />
      <EnteredOffer />
    </>
  );
  return <ConnectionPage problem={problem} offer={offer} />;
}
