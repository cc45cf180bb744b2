/** Causes of problems where the title of the problem would make a clumsy phrase after a number. */
const CAUSES: Record<string, string> = {
  account_code_archived: 'code archived in Xero',
  account_code_missing: 'no account code',
  account_code_unknown: 'code not in Xero',
  account_code_wrong_type: 'code of the wrong type',
  bill_entered_twice: 'entered twice here',
  contact_archived: 'contact archived in Xero',
  contact_name_taken: 'name of the contact taken in Xero',
  contact_unsure: 'contact not certain',
  cost_center_unmatched: 'cost centre not in Xero',
  currency_not_enabled: 'currency not switched on in Xero',
  description_missing: 'line without description',
  document_alike: 'looks the same as one in Xero',
  due_date_before_date: 'due before its date',
  due_date_missing: 'no due date',
  invoice_number_taken: 'number taken in Xero',
  item_unknown: 'item not in Xero',
  lines_missing: 'without lines',
  outcome_unknown: 'perhaps in Xero already',
  period_locked: 'date in a locked period',
  tax_code_mismatch: 'tax rate doesn’t fit its account',
  tax_type_unknown: 'tax rate not in Xero',
};

/** A cause as it stands after a number, "no due date"; the title of the problem stands in for one without words. */
export const causeWords = (code: string, title: string | null = null): string =>
  CAUSES[code] ?? lowered(title ?? code.replaceAll('_', ' '));

const lowered = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);
