import { useQuery } from '@tanstack/react-query';
import { isPushed, pushScheduleQuery } from '@/api/contact-pushes';
import { connectionQuery } from '@/api/shared';
import type { ContactPush } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { pushWords } from '@/lib/push-words';
import { HrefLink } from '@/ui/app-link';
import { ProblemNote } from '@/ui/problem-note';
import { PushNow } from '@/ui/push-now';
import './accounting.css';

/** The last push with its counts, the next one, and *Push now*. */
export function PushStatus() {
  const schedule = useQuery(pushScheduleQuery);
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const format = useFormat();
  if (schedule.isError) {
    return <ProblemNote error={schedule.error} onRetry={() => schedule.refetch()} />;
  }
  if (!schedule.data) return null;
  const { last, next_at } = schedule.data;
  return (
    <div className="push-status">
      <dl>
        <div>
          <dt>Last push</dt>
          <dd>{last ? <Last push={last} /> : 'Not yet'}</dd>
        </div>
        {next_at && (
          <div>
            <dt>Next push</dt>
            <dd>{format.instant(next_at)}</dd>
          </div>
        )}
      </dl>
      {connected && <PushNow size="xs" />}
    </div>
  );
}

function Last({ push }: { push: ContactPush }) {
  const format = useFormat();
  return (
    <>
      {format.instant(push.finished_at ?? push.created_at)}
      <span className="push-counts">
        {isPushed(push) ? pushWords(push) : `Running, ${format.number(push.waiting)} to go.`}{' '}
        {push.total > 0 && <HrefLink href={`/contacts/pushes/${push.id}`}>See the results</HrefLink>}
      </span>
    </>
  );
}
