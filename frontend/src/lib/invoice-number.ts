/** What an invoice is called on screens; a bill may have no number. */
export const numberOf = (invoice: { number: string | null }): string => invoice.number ?? 'No number';
