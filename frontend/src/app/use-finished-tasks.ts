import { useQueryClient } from '@tanstack/react-query';
import type { Notification } from '@/api/types';
import { useArrivals } from '@/features/notifications/use-arrivals';

/** What a finished task changed on the pages that may be open. */
const TOUCHES: Record<string, readonly string[]> = {
  'export.finished': ['exports', 'invoices'],
  'contact_import.finished': ['contacts', 'contact-imports'],
  'contact_push.finished': ['contacts', 'contact-pushes'],
  'connection.needs_reconnect': ['connection', 'exports'],
  'connection.refused': ['connection', 'exports'],
  'connection.removed': ['connection', 'exports'],
};

/** Brings the open page up to date when the feed says that something ended. */
export function useFinishedTasks() {
  const client = useQueryClient();
  useArrivals(({ kind }: Notification) => {
    for (const key of TOUCHES[kind] ?? []) client.invalidateQueries({ queryKey: [key] });
  });
}
