import type { ReactNode } from 'react';
import './history.css';

export type HistoryLine = { id: string; what: string; about: ReactNode };

/** What was done with something, newest first. */
export function History({ events }: { events: readonly HistoryLine[] }) {
  return (
    <ol className="history">
      {events.map(({ id, what, about }) => (
        <li key={id}>
          <span className="history-what">{what}</span>
          <span className="history-about">{about}</span>
        </li>
      ))}
    </ol>
  );
}
