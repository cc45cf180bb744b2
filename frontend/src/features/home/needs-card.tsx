import {
  type Icon,
  IconAddressBook,
  IconAlertTriangle,
  IconChevronRight,
  IconClockPause,
  IconEye,
} from '@tabler/icons-react';
import { Fragment } from 'react';
import { count } from '@/lib/plural';
import { HrefLink } from '@/ui/app-link';
import { Card } from '@/ui/card';
import type { Need } from './needs';
import './home.css';

const MOST = 6;

const FACES: Record<Need['about'], { icon: Icon; tone: 'warn' | 'look' }> = {
  fix: { icon: IconAlertTriangle, tone: 'warn' },
  look: { icon: IconEye, tone: 'look' },
  contact: { icon: IconAddressBook, tone: 'warn' },
  waiting: { icon: IconClockPause, tone: 'look' },
};

/** What waits for a person: each row opens the place where it is settled. */
export function NeedsCard({ needs, ready }: { needs: readonly Need[]; ready: number }) {
  const all = count(needs.length, 'thing', 'things');
  const head = needs.length > MOST ? `${MOST} of ${all}` : all;
  return (
    <Card title="Needs you" end={needs.length > 0 && <span className="soft">{head}</span>} flush>
      {needs.length === 0 ? (
        <p className="needs-none">
          Nothing needs you.{ready > 0 && ` ${count(ready, 'invoice is', 'invoices are')} ready.`}
        </p>
      ) : (
        <ul className="needs">
          {needs.slice(0, MOST).map((need) => (
            <Row key={need.id} need={need} />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** The whole row is the target of its title; a cause in it has a target of its own. */
function Row({ need: { about, title, detail, causes = [], value, href } }: { need: Need }) {
  const { icon: Shape, tone } = FACES[about];
  return (
    <li className="need">
      <Shape size={18} stroke={1.7} className="need-icon" data-tone={tone} aria-hidden />
      <span className="need-words">
        <HrefLink href={href} className="need-title">
          {title}
        </HrefLink>
        {detail && <span className="need-detail">{detail}</span>}
        {causes.length > 0 && (
          <span className="need-detail">
            {causes.map((cause, index) => (
              <Fragment key={cause.words}>
                {index > 0 && ' · '}
                <HrefLink href={cause.href} className="need-cause">
                  {cause.words}
                </HrefLink>
              </Fragment>
            ))}
          </span>
        )}
      </span>
      {value && <span className="need-value">{value}</span>}
      <IconChevronRight size={16} stroke={1.8} className="need-chevron" aria-hidden />
    </li>
  );
}
