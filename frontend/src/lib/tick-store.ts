import { countTicked, nothing, readSelection, type Selection, tick, writeSelection } from './selection';

type Kept = Selection<{ id: string }>;

const PREFIX = 'jobtally.ticks ';
const NOTHING: Kept = nothing();

/** What was read last under each name, so that an unchanged text is the very same selection. */
const read = new Map<string, { text: string; selection: Kept }>();
/** What the storage had no room for; it lasts until the page is loaded again. */
const unstored = new Map<string, Kept>();
const listeners = new Set<() => void>();

/** The ticks kept under a name. They are in the storage of this browser tab, so that a reload keeps them. */
export function keptTicks(name: string): Kept {
  const kept = unstored.get(name);
  if (kept) return kept;
  const text = sessionStorage.getItem(PREFIX + name);
  if (text === null) return NOTHING;
  const last = read.get(name);
  if (last?.text === text) return last.selection;
  const selection = readSelection(text);
  read.set(name, { text, selection });
  return selection;
}

export function keepTicks(name: string, selection: Kept) {
  try {
    sessionStorage.setItem(PREFIX + name, writeSelection(selection));
    unstored.delete(name);
  } catch {
    unstored.set(name, selection);
  }
  for (const listener of listeners) listener();
}

/** What was ticked when the last export was started, until it is stopped or another is started. */
let aside: { run: string; name: string; selection: Kept } | null = null;

/** Unticks everything, for a run that was started; stopping the run ticks it again. */
export function setTicksAside(run: string, name: string) {
  aside = { run, name, selection: keptTicks(name) };
  keepTicks(name, NOTHING);
}

/** Ticks again what was ticked when this run was started, less the rows that it has sent meanwhile. */
export function bringTicksBack(run: string, isStopped: (id: string) => boolean) {
  if (aside?.run !== run) return;
  const { name, selection } = aside;
  aside = null;
  const present = keptTicks(name);
  if (selection.mode === 'ids') {
    const stopped = [...selection.rows.values()].filter(({ id }) => isStopped(id));
    if (present.mode === 'ids') keepTicks(name, tick(present, stopped, true));
  } else if (present.mode === 'ids' && countTicked(present, 0) === 0) {
    keepTicks(name, selection);
  }
}

/** Forgets every tick: the next session, or the next business, starts from nothing. */
export function forgetTicks() {
  aside = null;
  unstored.clear();
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
