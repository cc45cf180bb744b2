import { Card } from '@/ui/card';
import './accounting.css';

const PARTS = [
  ['name', 'Names of people', 'the contact’s name'],
  ['account-number', 'Account number', 'one per contact'],
  ['push', 'Contact push', 'every six hours'],
  ['default-codes', 'Default codes', 'for lines without one'],
  ['items', 'Items', 'on lines, or not'],
  ['tracking', 'Tracking', 'your cost centres'],
  ['reference', 'Reference', 'what the customer reads'],
  ['status', 'Status in Xero', 'draft or approved'],
  ['first-day', 'First day', 'older ones stay out'],
  ['alerts', 'Alerts and mail', 'what nobody sent'],
] as const;

/** The parts of this page, for somebody who came to change one thing. */
export function Contents() {
  return (
    <div className="contents-card">
      <Card title="On this page">
        <ul className="contents">
          {PARTS.map(([id, title, about]) => (
            <li key={id}>
              <a href={`#${id}`} className="text-link">
                {title}
              </a>
              <span className="soft">{about}</span>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
