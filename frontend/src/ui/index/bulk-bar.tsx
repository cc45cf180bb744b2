import { CloseButton, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { useFormat } from '@/lib/locale';
import { InZone } from '@/ui/zone';
import './bulk-bar.css';

/** One ticked row in the tray. */
export type TrayLine = { id: string; number: string; name: string; mark: ReactNode; value: string };

type Props = {
  label: string;
  count: number;
  /** What the ticked rows add up to, when that is known. */
  sum: string | null;
  /** The ticked rows, when they are single ones, and how many of them the list does not show. */
  lines: readonly TrayLine[];
  away: number;
  /** What can be done with them; the last action is the filled one. */
  actions: ReactNode;
  onUntick: (id: string) => void;
  onClear: () => void;
};

/** What is ticked and what can be done with it; above it the tray, with the ticked rows that the list hides. */
export function BulkBar({ label, count, sum, lines, away, actions, onUntick, onClear }: Props) {
  const format = useFormat();
  const tray = useId();
  const [opened, setOpened] = useState(false);
  if (count === 0) return null;
  const showsTray = opened && lines.length > 0;
  const Chevron = showsTray ? IconChevronDown : IconChevronUp;
  return (
    <InZone>
      <section className="bar bulk-bar" aria-label={label} data-tray={showsTray || undefined}>
        {showsTray && (
          <div id={tray} className="tray">
            <div className="tray-head">
              <h2>{label}</h2>
              <span>Ticks stay while you search and filter</span>
            </div>
            <ul className="tray-lines">
              {lines.map((line) => (
                <li key={line.id}>
                  <span className="tray-number">{line.number}</span>
                  <span className="tray-name">{line.name}</span>
                  <span className="tray-mark">{line.mark}</span>
                  <span className="tray-value">{line.value}</span>
                  <CloseButton
                    size={30}
                    iconSize={16}
                    aria-label={`Untick ${line.number}`}
                    onClick={() => onUntick(line.id)}
                  />
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="bulk-line">
          <div className="bulk-words">
            <span className="bulk-count" role="status">
              {format.number(count)} ticked
            </span>
            {sum && <span className="bulk-sum">{sum}</span>}
            {lines.length > 0 && (away > 0 || showsTray) && (
              <UnstyledButton
                className="bulk-away"
                aria-expanded={showsTray}
                aria-controls={showsTray ? tray : undefined}
                onClick={() => setOpened(!showsTray)}
              >
                {format.number(away)} not in this list
                <Chevron size={15} stroke={1.8} aria-hidden />
              </UnstyledButton>
            )}
          </div>
          <div className="bulk-actions">{actions}</div>
          <CloseButton size={36} aria-label="Untick all" onClick={onClear} />
        </div>
      </section>
    </InZone>
  );
}
