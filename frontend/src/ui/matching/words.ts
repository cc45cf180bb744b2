import type { CheckedContact, ContactLink, Difference, Evidence } from '@/api/types';

/** What is equal on both sides, as it stands inside a sentence. */
export const EVIDENCE_WORDS: Record<Evidence, string> = {
  name: 'name',
  contact_number: 'number of ours',
  email: 'e-mail',
  phone: 'phone',
  tax_number: 'GST number or ABN',
  account_number: 'account number',
};

export const FIELD_WORDS: Record<Difference['field'], string> = {
  name: 'Name',
  first_name: 'First name',
  last_name: 'Last name',
  email: 'E-mail',
  phone: 'Phone',
  address: 'Address',
  tax_number: 'GST number or ABN',
  payer_reference: 'Payer reference',
};

/** "name, e-mail and phone" */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** "Same e-mail and name" */
export const agreesWords = (kinds: readonly Evidence[]): string | null =>
  kinds.length === 0 ? null : `Same ${listed(kinds.map((kind) => EVIDENCE_WORDS[kind]))}`;

/** The fields that are different on both sides; what only one side has contradicts nothing. */
export const contradicting = (differences: readonly Difference[]) =>
  differences.filter(({ ours, theirs, effect }) => effect !== 'equal' && ours !== null && theirs !== null);

/** "Name and e-mail differ" */
export function differsWords(differences: readonly Difference[]): string | null {
  const fields = contradicting(differences).map(({ field }) => FIELD_WORDS[field]);
  if (fields.length === 0) return null;
  const [first = '', ...rest] = fields;
  const words = listed([first, ...rest.map((word) => (word.startsWith('GST') ? word : word.toLowerCase()))]);
  return `${words} ${fields.length === 1 ? 'differs' : 'differ'}`;
}

type Decided = Pick<CheckedContact, 'decided_by' | 'evidence'> &
  Partial<Pick<ContactLink, 'decided_by_user'>> & { decidedOn?: string | null };

/** How it is known which contact of Xero it is: "Linked by Mere Hohepa on 3 Nov", "Same e-mail and name". */
export function decidedWords({ decided_by, evidence, decided_by_user, decidedOn }: Decided): string {
  const on = decidedOn ? ` on ${decidedOn}` : '';
  switch (decided_by) {
    case 'person':
      return `Linked by ${decided_by_user ?? 'one of you'}${on}`;
    case 'created':
      return `Created from here${on}`;
    case 'merge':
      return `Merged into it in Xero${on}`;
    case 'name':
      return evidence.length > 1 ? (agreesWords(evidence) ?? '') : 'Same name, nothing contradicts';
    case null:
      return agreesWords(evidence) ?? '';
    default:
      return agreesWords(evidence.length > 0 ? evidence : [decided_by]) ?? '';
  }
}
