import type { KeyboardEvent } from 'react';

type Commands = {
  onToggle?: (id: string, range: boolean) => void;
  onStop: (id: string) => void;
  onClose?: () => void;
  onKeys: () => void;
};

/** The keys of a list. They work only while the focus is in a row (WCAG 2.1.4). */
export function moveByKey(event: KeyboardEvent<HTMLElement>, commands: Commands) {
  const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-id]');
  const id = row?.dataset.id;
  if (!row || !id || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === 'arrowdown' || key === 'j') step(row.nextElementSibling, event, commands);
  else if (key === 'arrowup' || key === 'k') step(row.previousElementSibling, event, commands);
  else if (key === 'x') {
    if (!row.querySelector('input:disabled')) commands.onToggle?.(id, event.shiftKey);
  } else if (key === 'enter' && event.target instanceof HTMLInputElement) {
    event.preventDefault();
    row.querySelector<HTMLElement>('.row-link')?.click();
  } else if (key === 'escape') commands.onClose?.();
  else if (key === '?') commands.onKeys();
}

function step(row: Element | null, event: KeyboardEvent, { onStop }: Commands) {
  event.preventDefault();
  const id = (row as HTMLElement | null)?.dataset.id;
  if (!id) return;
  onStop(id);
  focusRow(row as HTMLElement);
}

const focusRow = (row: HTMLElement) =>
  (row.querySelector<HTMLElement>('.row-link') ?? row.querySelector('input'))?.focus();

/** Brings the focus back to the row of this id, as when the panel that it opened is closed. */
export function focusRowOf(id: string) {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"]`);
    if (row) focusRow(row);
  });
}
