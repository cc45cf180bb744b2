import type { Contact } from '@/api/types';
import { Card } from '@/ui/card';
import { ROLE_LABELS } from './words';
import './contact-page.css';

/** The facts of a contact, as they are kept here. */
export function ContactDetails({ contact }: { contact: Contact }) {
  const facts = [
    ['Roles', contact.roles.map((role) => ROLE_LABELS[role]).join(', ')],
    ['E-mail', contact.email],
    ['Phone', contact.phone],
    ['Address', addressWords(contact.address)],
    ['GST number or ABN', contact.tax_number],
    ['Payer reference', contact.payer_reference],
    ['Number in the job system', contact.external_id],
  ] as const;
  return (
    <Card title="Details">
      <dl className="contact-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value || <span className="soft">none</span>}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** "14 Rata Street, Wellington 6011, New Zealand" */
function addressWords(address: Contact['address']): string | null {
  if (!address) return null;
  const { line1, line2, city, region, postal_code, country } = address;
  const town = [city, postal_code].filter(Boolean).join(' ');
  return [line1, line2, town, region, country].filter(Boolean).join(', ') || null;
}
