import { type Icon, IconArrowRight, IconCheck, IconEqualNot, IconHelp } from '@tabler/icons-react';
import type { Difference } from '@/api/types';
import { FIELD_WORDS } from './words';
import './matching.css';

const EFFECTS: Record<Difference['effect'], { icon: Icon; words: string; tone?: 'ok' | 'warn' }> = {
  equal: { icon: IconCheck, words: 'equal', tone: 'ok' },
  sent: { icon: IconArrowRight, words: 'goes to Xero' },
  kept_in_xero: { icon: IconEqualNot, words: 'Xero keeps its own', tone: 'warn' },
  undecided: { icon: IconHelp, words: 'stays different', tone: 'warn' },
};

type Props = {
  /** The name of the contact in Xero. */
  theirs: string;
  differences: readonly Difference[];
  /** Whether they are linked already, or would be. */
  linked: boolean;
};

/** The fields on both sides, and what happens to each of them: nobody has to fear an overwrite. */
export function DifferenceTable({ theirs, differences, linked }: Props) {
  return (
    <table className="mini-table difference-table" aria-label={`Fields here and of ${theirs} in Xero`}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Here</th>
          <th scope="col">In Xero</th>
          <th scope="col">{linked ? 'With the next push' : 'After linking'}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={difference.field}>
            <th scope="row">{FIELD_WORDS[difference.field]}</th>
            <td data-side="Here">{difference.ours ?? <span className="soft">—</span>}</td>
            <td data-side="In Xero">{difference.theirs ?? <span className="soft">—</span>}</td>
            <td>
              <Effect {...difference} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Effect({ effect, ours, theirs }: Difference) {
  const { icon: Shape, words, tone } = EFFECTS[effect];
  // What only Xero has is no difference that anybody would want to settle.
  const quiet = effect === 'kept_in_xero' && (ours === null || theirs === null);
  return (
    <span className="effect sign" data-tone={quiet ? undefined : tone}>
      <Shape size={15} stroke={2} aria-hidden />
      {quiet ? 'stays in Xero' : words}
    </span>
  );
}
