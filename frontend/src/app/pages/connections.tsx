import { useSearch } from '@tanstack/react-router';
import { ConnectionPage } from '@/features/connection/connection-page';
import { ImportOffer } from '@/features/contact-imports/import-offer';

export function Connections() {
  const { problem } = useSearch({ strict: false });
  return <ConnectionPage problem={problem} offer={<ImportOffer />} />;
}
