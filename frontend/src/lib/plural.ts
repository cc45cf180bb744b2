const rules = new Intl.PluralRules('en');

/** "1 invoice", "1,243 invoices". */
export function count(n: number, one: string, many: string): string {
  return `${new Intl.NumberFormat('en').format(n)} ${rules.select(n) === 'one' ? one : many}`;
}
