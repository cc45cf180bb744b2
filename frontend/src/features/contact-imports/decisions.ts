import { useCallback, useState } from 'react';
import type { AskedGroup, ContactImport, ImportDecision, ImportGroup, ImportItem, Role } from '@/api/types';

export type Answer = {
  group: ImportGroup;
  decision: ImportDecision;
  /** Of *same*: which contact of ours it is. */
  contact_id?: string;
  /** Of *different*: what it comes in as. */
  roles?: Role[];
};

/** What an answer says beside the decision. */
export type Details = Pick<Answer, 'contact_id' | 'roles'>;

/** What was answered in a preview: for single contacts, and for whole groups. A single answer wins. */
export type Answers = {
  items: Map<string, Answer>;
  groups: Map<AskedGroup, ImportDecision>;
};

/** What happens to a contact of a group about which nothing is said; `null` waits for an answer. */
const UNASKED: Record<ImportGroup, ImportDecision | null> = {
  new: 'different',
  matched: 'same',
  possible_duplicate: null,
  unchanged: 'leave_out',
  archived: 'leave_out',
};

/** Which answers a group takes. Nothing happens to what is linked already, or archived. */
export const ANSWERS: Record<AskedGroup, readonly ImportDecision[]> = {
  new: ['different', 'leave_out'],
  matched: ['same', 'different', 'leave_out'],
  possible_duplicate: ['same', 'different', 'leave_out'],
};

export const isAsked = (group: ImportGroup): group is AskedGroup => group in ANSWERS;

const ofGroup = ({ groups }: Pick<Answers, 'groups'>, group: ImportGroup) =>
  isAsked(group) ? groups.get(group) : undefined;

export const decisionOf = (answers: Answers, item: ImportItem): ImportDecision | null =>
  answers.items.get(item.id)?.decision ??
  ofGroup(answers, item.group) ??
  item.decision ??
  UNASKED[item.group];

/** The contacts of ours that an item may be. */
export const oursOf = ({ contact, other_contacts }: ImportItem) => [
  ...(contact ? [contact] : []),
  ...other_contacts,
];

export type Forecast = { comeIn: number; linked: number; stay: number; undecided: number };

/** The part of an import that nobody has decided yet, as a preview of its own. */
export const undecidedOf = (run: ContactImport): ContactImport => ({
  ...run,
  counts: { new: 0, matched: 0, possible_duplicate: run.undecided, unchanged: 0, archived: 0 },
});

const OUTCOME = { same: 'linked', different: 'comeIn', leave_out: 'stay', undecided: 'undecided' } as const;

/** What the import will do, counted over everything that the preview read. */
export function forecastOf({ counts }: Pick<ContactImport, 'counts'>, { items, groups }: Answers): Forecast {
  const forecast: Forecast = { comeIn: 0, linked: 0, stay: 0, undecided: 0 };
  const before = (group: ImportGroup) => OUTCOME[ofGroup({ groups }, group) ?? UNASKED[group] ?? 'undecided'];
  for (const group of Object.keys(UNASKED) as ImportGroup[]) forecast[before(group)] += counts[group];
  for (const { group, decision } of items.values()) {
    forecast[before(group)] -= 1;
    forecast[OUTCOME[decision]] += 1;
  }
  return forecast;
}

const PREFIX = 'jobtally.import ';

type Stored = { items: [string, Answer][]; groups: [AskedGroup, ImportDecision][] };

function read(preview: string): Answers {
  const text = sessionStorage.getItem(PREFIX + preview);
  const stored = text ? (JSON.parse(text) as Stored) : { items: [], groups: [] };
  return { items: new Map(stored.items), groups: new Map(stored.groups) };
}

/** The answers to a preview. A reload of the browser tab keeps them; nothing is saved before the import. */
export function useAnswers(preview: string) {
  const [answers, setAnswers] = useState(() => read(preview));
  const keep = useCallback(
    (change: (now: Answers) => Answers) =>
      setAnswers((now) => {
        const next = change(now);
        const stored: Stored = { items: [...next.items], groups: [...next.groups] };
        sessionStorage.setItem(PREFIX + preview, JSON.stringify(stored));
        return next;
      }),
    [preview],
  );
  const answer = useCallback(
    (of: readonly ImportItem[], decision: ImportDecision, details: Details = {}) =>
      keep(({ items, groups }) => {
        const next = new Map(items);
        for (const item of of) {
          const several = decision === 'same' && details.contact_id === undefined && item.contact === null;
          // Which of several it is can only be said one by one.
          if (!several) next.set(item.id, { group: item.group, decision, ...details });
        }
        return { items: next, groups };
      }),
    [keep],
  );
  const answerGroup = useCallback(
    (group: AskedGroup, decision: ImportDecision | null) =>
      keep(({ items, groups }) => {
        const next = new Map(groups);
        if (decision === null) next.delete(group);
        else next.set(group, decision);
        // What was said about single contacts of it before gives way to the answer for all.
        return { items: new Map([...items].filter(([, one]) => one.group !== group)), groups: next };
      }),
    [keep],
  );
  /** For the answers that an import has taken. */
  const forget = useCallback(() => sessionStorage.removeItem(PREFIX + preview), [preview]);
  return { answers, answer, answerGroup, forget };
}
