import { useFormat } from '@/lib/locale';
import { waitingWords } from '@/lib/waiting-words';
import { HrefLink } from './app-link';
import { Note } from './note';

type Props = {
  run: { waiting_for: string | null; resume_at: string | null };
  /** What waits: "export", "import", "push". */
  what: string;
};

/** Why a run waits, with the way on where there is anything to do. */
export function WaitingNote({ run, what }: Props) {
  const format = useFormat();
  const words = waitingWords(run.waiting_for, run.resume_at && format.time(run.resume_at), what);
  if (!words) return null;
  return (
    <Note tone="warn" mt="md">
      {words}{' '}
      {run.waiting_for === 'connection' && <HrefLink href="/settings/connections/xero">Reconnect</HrefLink>}
    </Note>
  );
}
