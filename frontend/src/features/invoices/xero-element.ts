import type { components } from '@/api/schema.gen';

type Preview = components['schemas']['XeroPreview'];

export type ElementLine = {
  description: string;
  quantity: string | null;
  price: string | null;
  discount: string | null;
  account: string | null;
  taxType: string | null;
  /** The id of the tracking option. */
  optionId: string | null;
};

/** The element of a call to Xero, as far as a screen shows it. */
export type XeroElement = {
  number: string | null;
  reference: string | null;
  issuedOn: string | null;
  dueOn: string | null;
  amounts: string | null;
  status: string | null;
  currency: string | null;
  /** Whether the contact is in Xero already. */
  hasContact: boolean;
  lines: ElementLine[];
};

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => value !== null && typeof value === 'object';

const textIn = (fields: unknown, name: string): string | null => {
  const value = isFields(fields) ? fields[name] : null;
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : null;
};

const listIn = (fields: Fields, name: string): unknown[] => {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
};

/** What stands in an element; what is missing in it is `null`. */
export function readElement({ element }: Pick<Preview, 'element'>): XeroElement {
  return {
    number: textIn(element, 'InvoiceNumber'),
    reference: textIn(element, 'Reference'),
    issuedOn: textIn(element, 'Date'),
    dueOn: textIn(element, 'DueDate'),
    amounts: textIn(element, 'LineAmountTypes'),
    status: textIn(element, 'Status'),
    currency: textIn(element, 'CurrencyCode'),
    hasContact: textIn(element.Contact, 'ContactID') !== null,
    lines: listIn(element, 'LineItems').map((line) => ({
      description: textIn(line, 'Description') ?? '',
      quantity: textIn(line, 'Quantity'),
      price: textIn(line, 'UnitAmount'),
      discount: textIn(line, 'DiscountRate'),
      account: textIn(line, 'AccountCode'),
      taxType: textIn(line, 'TaxType'),
      optionId: isFields(line) ? textIn(listIn(line, 'Tracking')[0], 'TrackingOptionID') : null,
    })),
  };
}

const AMOUNT = /"(Quantity|UnitAmount|DiscountRate)": "(-?[\d.]+)"/g;

/** The element as JSON, spread over lines. The API gives amounts as text to keep their digits; Xero gets numbers. */
export const elementText = ({ element }: Pick<Preview, 'element'>): string =>
  JSON.stringify(element, null, 2).replace(AMOUNT, '"$1": $2');
