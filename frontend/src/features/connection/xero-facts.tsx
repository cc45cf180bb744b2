import { useQuery } from '@tanstack/react-query';
import { isPushed, pushScheduleQuery } from '@/api/contact-pushes';
import { connectionQuery } from '@/api/shared';
import type { Connection, ContactPush } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { faceOf } from './states';
import './xero-facts.css';

/** What is known of the connected organisation, and when contacts go there by themselves. */
export function XeroFacts({ connection }: { connection: Connection }) {
  // Each poll draws the card again, because "2 min ago" ages by itself.
  const { dataUpdatedAt } = useQuery(connectionQuery);
  const { data: schedule } = useQuery(pushScheduleQuery);
  const format = useFormat();
  const { icon: Shape } = faceOf(connection);
  const { organisation_name, checked_at } = connection;
  const last = schedule?.last;
  return (
    <Card title="Xero" end={<HrefLink href="/settings/connections">Details</HrefLink>} flush>
      <dl className="xero-facts">
        <div>
          <dt>Organisation</dt>
          <dd>
            <Shape size={16} stroke={1.8} aria-hidden /> {organisation_name ?? 'Connected'}
          </dd>
        </div>
        {checked_at && (
          <div>
            <dt>Checked</dt>
            <dd>{format.ago(checked_at, dataUpdatedAt)}</dd>
          </div>
        )}
        <div>
          <dt>Last contact push</dt>
          <dd>{last ? <Last push={last} /> : 'None yet'}</dd>
        </div>
        <div>
          <dt>Next push</dt>
          <dd>
            {schedule?.next_at ? (
              format.near(schedule.next_at)
            ) : (
              <HrefLink href="/settings/accounting#push">Switched off</HrefLink>
            )}
          </dd>
        </div>
      </dl>
    </Card>
  );
}

function Last({ push }: { push: ContactPush }) {
  const format = useFormat();
  return (
    <>
      <HrefLink href={`/contacts/pushes/${push.id}`}>
        {format.near(push.finished_at ?? push.created_at)}
      </HrefLink>
      <span className="xero-facts-words">{wordsOf(push)}</span>
    </>
  );
}

/** "4 changed, 1 not accepted". */
function wordsOf(push: ContactPush): string {
  if (!isPushed(push)) return 'Running';
  const failed = push.failed > 0 ? `, ${push.failed} not accepted` : '';
  return `${push.created + push.updated} changed${failed}`;
}
