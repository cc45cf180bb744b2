import { nothing, readSelection, type Selection, writeSelection } from './selection';

type Kept = Selection<{ id: string }>;

const PREFIX = 'jobtally.ticks ';

const known = new Map<string, Kept>();
const listeners = new Set<() => void>();
const NOTHING: Kept = nothing();

/** The ticks kept under a name: in memory, else in the storage of this browser tab, so that a reload keeps them. */
export function keptTicks(name: string): Kept {
  const kept = known.get(name);
  if (kept) return kept;
  const text = sessionStorage.getItem(PREFIX + name);
  const read = text === null ? NOTHING : readSelection(text);
  known.set(name, read);
  return read;
}

export function keepTicks(name: string, selection: Kept) {
  known.set(name, selection);
  try {
    sessionStorage.setItem(PREFIX + name, writeSelection(selection));
  } catch {
    // A full storage costs no more than the ticks of a reload.
  }
  for (const listener of listeners) listener();
}

/** Forgets every tick: the next session, or the next business, starts from nothing. */
export function forgetTicks() {
  known.clear();
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  }
  for (const listener of listeners) listener();
}

export function watchTicks(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
