import type { Icon } from '@tabler/icons-react';
import './state-mark.css';

export type MarkTone = 'brand' | 'ok' | 'warn' | 'bad' | 'quiet';

/** A state as icon, word and colour, never colour alone. */
export function StateMark({ icon: Shape, label, tone }: { icon: Icon; label: string; tone: MarkTone }) {
  return (
    <span className="state-mark" data-tone={tone}>
      <Shape size={15} stroke={2} aria-hidden />
      {label}
    </span>
  );
}
