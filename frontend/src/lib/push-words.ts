import { count } from './plural';

type Counts = Record<'total' | 'created' | 'updated' | 'unchanged' | 'unsure' | 'failed', number>;

/** "4 of 6 contacts are in step with Xero. 1 needs a choice. 1 was not accepted." */
export function pushWords({ total, created, updated, unchanged, unsure, failed }: Counts): string {
  if (total === 0) return 'Nothing had changed.';
  const done = `${created + updated} of ${count(total, 'contact is', 'contacts are')} in step with Xero.`;
  const rest = [
    unchanged > 0 && `${count(unchanged, 'needs', 'need')} a look.`,
    unsure > 0 && `${count(unsure, 'needs', 'need')} a choice.`,
    failed > 0 && `${count(failed, 'was', 'were')} not accepted.`,
  ].filter(Boolean);
  return [done, ...rest].join(' ');
}
