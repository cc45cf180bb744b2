import { faceOf, type StateName } from './states';
import './state-mark.css';

type Props = StateName & {
  /** Says more than the state's own word. */
  words?: string;
  /** How many more there are to say: "+1". */
  more?: number;
};

/** A state as icon, word and colour, never colour alone. */
export function StateMark({ words, more = 0, ...name }: Props) {
  const { icon: Shape, label, tone } = faceOf(name);
  return (
    <span className="state-mark" data-tone={tone}>
      <Shape size={15} stroke={1.9} aria-hidden />
      <span className="state-mark-words" title={words}>
        {words ?? label}
      </span>
      {more > 0 && <span className="state-mark-more">+{more}</span>}
    </span>
  );
}
