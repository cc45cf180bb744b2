import type { ReferencePart } from '@/api/types';

export const PARTS: readonly ReferencePart[] = [
  'job_number',
  'job_description',
  'customer_reference',
  'job_location',
];

export const PART_LABELS: Record<ReferencePart, string> = {
  job_number: 'Job number',
  job_description: 'Job description',
  customer_reference: 'Customer reference',
  job_location: 'Job location',
};

const EXAMPLE: Record<ReferencePart, string> = {
  job_number: 'J8116',
  job_description: 'Bathroom rough-in',
  customer_reference: 'PO 4471',
  job_location: '14 Rata St',
};

/** Xero keeps at most this many characters of a reference. */
export const LIMIT = 255;

/** The reference of an example invoice. */
export const previewOf = (parts: readonly ReferencePart[]) =>
  parts
    .map((part) => EXAMPLE[part])
    .join(', ')
    .slice(0, LIMIT);

/** The parts with the one at `place` moved by `step` places. */
export function moved(parts: readonly ReferencePart[], place: number, step: -1 | 1): ReferencePart[] {
  const next = [...parts];
  const [part] = next.splice(place, 1);
  if (part) next.splice(place + step, 0, part);
  return next;
}
