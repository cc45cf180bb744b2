import { IconEye, IconMinus, IconPencilPlus } from '@tabler/icons-react';
import { Card } from '@/ui/card';
import './home.css';

const DOES = [
  [IconEye, 'Reads', 'contacts, accounts, tax rates, tracking, items and invoice headers'],
  [IconPencilPlus, 'Writes', 'the invoices and bills you export, and their contacts'],
  [IconMinus, 'Never', 'touches payments, purchase orders, bank accounts or payroll'],
] as const;

/** What Jobtally does in Xero and what it does not, beside the first steps. */
export function WhatItDoes() {
  return (
    <Card title="What Jobtally does in Xero">
      <ul className="what-it-does">
        {DOES.map(([Shape, verb, what]) => (
          <li key={verb}>
            <Shape size={18} stroke={1.7} aria-hidden />
            <span>
              <strong>{verb}</strong> {what}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
