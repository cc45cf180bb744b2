import { useSearch } from '@tanstack/react-router';
import { ConnectionPage } from '@/features/connection/connection-page';

export function Connections() {
  const { problem } = useSearch({ strict: false });
  return <ConnectionPage problem={problem} />;
}
