/** Causes of problems as they stand right after a number of invoices; where the verb depends on it, for one and for more. */
const CAUSES: Record<string, string | readonly [string, string]> = {
  account_code_archived: 'with a code archived in Xero',
  account_code_missing: 'without an account code',
  account_code_unknown: 'with a code that isn’t in Xero',
  account_code_wrong_type: 'with a code of the wrong type',
  before_send_from_date: 'older than what you send',
  bill_entered_twice: 'entered twice here',
  contact_archived: 'with a contact archived in Xero',
  contact_name_taken: 'with a contact whose name is taken in Xero',
  contact_unsure: 'with a contact that isn’t certain',
  cost_center_unmatched: 'with a cost centre that isn’t in Xero',
  currency_not_enabled: 'in a currency not switched on in Xero',
  description_missing: 'with a line without description',
  due_date_before_date: 'due before the invoice date',
  due_date_missing: 'without a due date',
  invoice_number_taken: 'with a number taken in Xero',
  invoice_too_large: 'too large to send',
  item_unknown: 'with an item that isn’t in Xero',
  lines_missing: 'without lines',
  looks_entered_already: ['looks entered in Xero already', 'look entered in Xero already'],
  outcome_unknown: 'perhaps in Xero already',
  period_locked: 'dated in a locked period',
  tax_code_mismatch: 'with a tax rate that doesn’t fit its account',
  tax_type_missing: 'without a tax rate',
  tax_type_unknown: 'with a tax rate that isn’t in Xero',
  total_negative: 'with a negative total',
};

const wordsOf = (code: string, n: number): string | undefined => {
  const words = CAUSES[code];
  return typeof words === 'object' ? words[n === 1 ? 0 : 1] : words;
};

const spelledOut = (code: string) => code.replaceAll('_', ' ');

/** "3 without a due date"; the title of the problem stands in for words, "3 × The total is negative". */
export const countedCause = (n: number, code: string, title: string | null): string => {
  const words = wordsOf(code, n);
  return words ? `${n} ${words}` : `${n} × ${title ?? spelledOut(code)}`;
};

/** A cause by itself, "Without a due date"; "Cause: nope" for one that nothing is known of. */
export const causeName = (code: string, title: string | null): string => {
  const words = wordsOf(code, 1) ?? title ?? `cause: ${spelledOut(code)}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
};
