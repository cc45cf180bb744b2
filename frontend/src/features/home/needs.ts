import type { InvoiceGroup, InvoiceKind } from '@/api/types';
import { countedCause } from '@/lib/cause-words';
import type { Format } from '@/lib/locale';
import { count } from '@/lib/plural';
import { sumWords } from '@/lib/sum-words';

/** Something that waits for a person, and the place where it is settled. */
export type Need = {
  id: string;
  about: 'fix' | 'look' | 'contact' | 'waiting';
  title: string;
  detail: string | null;
  /** What it consists of, each with a place of its own. */
  causes?: readonly Cause[];
  value: string | null;
  href: string;
};

export type Cause = { words: string; href: string };

type Known = {
  groups: readonly InvoiceGroup[];
  /** Contacts that may be one of several in Xero: how many, and the name of the first. */
  unsure: { count: number; first: { id: string; name: string } | null };
  /** How many contacts Xero did not accept. */
  failed: number;
};

const KINDS: Record<InvoiceKind, { path: string; one: string; many: string }> = {
  customer: { path: '/invoices', one: 'customer invoice', many: 'customer invoices' },
  supplier: { path: '/bills', one: 'supplier invoice', many: 'supplier invoices' },
};

/** Everything that waits for a person: what keeps invoices back comes first. */
export function needsOf({ groups, unsure, failed }: Known, format: Format, now: number): Need[] {
  const kinds: InvoiceKind[] = ['customer', 'supplier'];
  const of = (kind: InvoiceKind, ...wanted: InvoiceGroup['group'][]) =>
    groups.filter((one) => one.kind === kind && wanted.includes(one.group));
  return [
    ...kinds.map((kind) => toFix(kind, of(kind, 'problem'), format)),
    whoIs(unsure, groups),
    ...kinds.map((kind) => toLookAt(kind, of(kind, 'remark'))),
    ...kinds.map((kind) => differing(kind, of(kind, 'changed', 'voided'), format)),
    failed > 0 ? notAccepted(failed) : null,
    ...kinds.map((kind) => leftBehind(kind, of(kind, 'waiting'), format, now)),
  ].filter((need) => need !== null);
}

const countOf = (groups: readonly InvoiceGroup[]) => groups.reduce((sum, one) => sum + one.count, 0);

const worth = (groups: readonly InvoiceGroup[], format: Format) =>
  sumWords(
    groups.flatMap(({ totals }) => totals),
    format,
  );

function toFix(kind: InvoiceKind, groups: readonly InvoiceGroup[], format: Format): Need | null {
  const n = countOf(groups);
  if (n === 0) return null;
  const { path, one, many } = KINDS[kind];
  const list = `${path}?view=attention`;
  const causes = causesOf(groups, list);
  return {
    id: `fix-${kind}`,
    about: 'fix',
    title: count(n, `${one} needs a fix`, `${many} need a fix`),
    detail: null,
    causes,
    value: worth(groups, format),
    // With one cause there is nothing to choose from.
    href: causes.length === 1 ? (causes[0]?.href ?? list) : list,
  };
}

const SHOWN_CAUSES = 3;

/** "3 without lines", "2 without a due date", "All 12": each opens the list with what it is about. */
function causesOf(groups: readonly InvoiceGroup[], list: string): Cause[] {
  const sorted = [...groups].sort((a, b) => b.count - a.count);
  const shown = sorted.slice(0, SHOWN_CAUSES).map(({ code, title, count: n }) => ({
    words: countedCause(n, code ?? '', title),
    href: code ? `${list}&problem=${code}` : list,
  }));
  // The list of the remaining causes alone cannot be opened: this opens that of all of them.
  return sorted.length > SHOWN_CAUSES ? [...shown, { words: `All ${countOf(sorted)}`, href: list }] : shown;
}

function whoIs({ count: n, first }: Known['unsure'], groups: readonly InvoiceGroup[]): Need | null {
  if (n === 0) return null;
  const waiting = countOf(groups.filter(({ code }) => code === 'contact_unsure'));
  const wait = waiting > 0 && `${count(waiting, 'invoice waits', 'invoices wait')} for your answer.`;
  if (n === 1 && first) {
    return {
      id: 'unsure',
      about: 'contact',
      title: `Who is ${first.name} in Xero?`,
      detail: ['More than one contact there could be the same.', wait].filter(Boolean).join(' '),
      value: null,
      href: `/contacts/${first.id}`,
    };
  }
  return {
    id: 'unsure',
    about: 'contact',
    title: count(n, 'contact needs a choice', 'contacts need a choice'),
    detail: [first && `${first.name} and ${n - 1} more could be one of several in Xero.`, wait]
      .filter(Boolean)
      .join(' '),
    value: null,
    href: '/contacts?state=unsure',
  };
}

function toLookAt(kind: InvoiceKind, groups: readonly InvoiceGroup[]): Need | null {
  const n = countOf(groups);
  if (n === 0) return null;
  const { path, one, many } = KINDS[kind];
  return {
    id: `look-${kind}`,
    about: 'look',
    title: `${count(n, one, many)} arrived, but look`,
    detail: groups.map((group) => (n === 1 ? group.title : `${group.count} × ${group.title}`)).join(' · '),
    value: null,
    href: `${path}?view=attention`,
  };
}

function differing(kind: InvoiceKind, groups: readonly InvoiceGroup[], format: Format): Need | null {
  const n = countOf(groups);
  if (n === 0) return null;
  const { path, one, many } = KINDS[kind];
  const words = { changed: 'changed here since the export', voided: 'voided in Xero' };
  return {
    id: `differs-${kind}`,
    about: 'look',
    title: count(n, `${one} differs from Xero`, `${many} differ from Xero`),
    detail: groups.map(({ group, count: m }) => `${m} ${words[group as keyof typeof words]}`).join(' · '),
    value: worth(groups, format),
    href: `${path}?view=attention`,
  };
}

const notAccepted = (n: number): Need => ({
  id: 'failed',
  about: 'contact',
  title: `Xero didn’t accept ${count(n, 'contact', 'contacts')}`,
  detail: 'Xero’s reason is shown with each of them.',
  value: null,
  href: '/contacts?state=failed',
});

const DAY_MS = 86_400_000;

function leftBehind(
  kind: InvoiceKind,
  groups: readonly InvoiceGroup[],
  format: Format,
  now: number,
): Need | null {
  const since = groups.flatMap(({ approved_since }) => approved_since ?? []).sort()[0];
  if (since === undefined) return null;
  const n = countOf(groups);
  const { path, one, many } = KINDS[kind];
  const days = Math.floor((now - Date.parse(since)) / DAY_MS);
  return {
    id: `waiting-${kind}`,
    about: 'waiting',
    title: `${count(n, `approved ${one} hasn’t`, `approved ${many} haven’t`)} been exported for days`,
    detail: `The first was approved ${count(days, 'day', 'days')} ago.`,
    value: worth(groups, format),
    href: `${path}?view=ready&sort=issued_on`,
  };
}
