import { Card } from '@/ui/card';
import './what-goes-where.css';

const MAP = [
  ['Customers, suppliers and contractors', 'to Xero', 'Contacts'],
  ['Approved customer invoices', 'to Xero', 'Invoices'],
  ['Approved supplier invoices', 'to Xero', 'Bills, awaiting payment'],
  ['Accounting codes', 'from Xero', 'Chart of accounts'],
  ['Cost centres', 'from Xero', 'Options of one tracking category'],
  ['Items', 'from Xero', 'Products and services'],
] as const;

export function WhatGoesWhere() {
  return (
    <Card
      title="What goes where"
      intro="Payments and purchase orders never go. An invoice goes only when somebody exports it."
    >
      <dl className="what-goes-where">
        {MAP.map(([ours, direction, theirs]) => (
          <div key={ours}>
            <dt>{ours}</dt>
            <dd>
              {direction}: {theirs}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
