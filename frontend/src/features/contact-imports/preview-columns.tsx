import { Select } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ImportDecision, ImportGroup, ImportItem } from '@/api/types';
import type { Column } from '@/ui/index/columns';
import { agreesWords, differsWords } from '@/ui/matching/words';
import { ANSWERS, type Answers, type Details, decisionOf, isAsked, oursOf } from './decisions';
import { aboutItem, decisionLabel, ROLE_CHOICES } from './words';

type OnAnswer = (of: readonly ImportItem[], decision: ImportDecision, details?: Details) => void;

/** The columns of a group: the contact of Xero, the one here, what speaks for it, and what to do. */
export function columnsOf(group: ImportGroup, answers: Answers, onAnswer: OnAnswer): Column<ImportItem>[] {
  const columns: Column<ImportItem>[] = [
    {
      id: 'theirs',
      head: 'In Xero',
      phone: 'title',
      cell: (item) => <TwoLines first={item.xero_contact.name} second={aboutItem(item)} />,
    },
  ];
  if (group === 'new') {
    columns.push({
      id: 'roles',
      head: 'Comes in as',
      width: '240px',
      narrow: '200px',
      phone: 'reason',
      cell: (item) => <RoleSelect item={item} answers={answers} onAnswer={onAnswer} />,
    });
  } else {
    columns.push(
      {
        id: 'ours',
        head: 'Here already',
        phone: 'text',
        cell: (item) => <span title={namesOf(item)}>{namesOf(item) || <span className="soft">—</span>}</span>,
      },
      { id: 'why', head: WHY[group], phone: 'reason', cell: (item) => <Why item={item} /> },
    );
  }
  if (isAsked(group)) {
    columns.push({
      id: 'answer',
      head: 'What to do',
      width: '230px',
      narrow: '200px',
      phone: 'field',
      cell: (item) => <DecisionSelect item={item} answers={answers} onAnswer={onAnswer} />,
    });
  }
  return columns;
}

const WHY: Record<Exclude<ImportGroup, 'new'>, string> = {
  possible_duplicate: 'Why we ask',
  matched: 'How we know',
  unchanged: 'How we know',
  archived: 'How we know',
};

export function TwoLines({ first, second, tone }: { first: string; second: string | null; tone?: 'warn' }) {
  return (
    <>
      <span className="two-lines" title={first}>
        {first}
      </span>
      {second && (
        <span className="two-lines-second" data-tone={tone}>
          {second}
        </span>
      )}
    </>
  );
}

function Why({ item }: { item: ImportItem }) {
  const agrees = agreesWords(item.evidence);
  const differs = differsWords(item.differs);
  return <TwoLines first={agrees ?? 'A name much alike'} second={differs} tone="warn" />;
}

type FieldProps = { item: ImportItem; answers: Answers; onAnswer: OnAnswer };

const namesOf = (item: ImportItem) =>
  oursOf(item)
    .map(({ name }) => name)
    .join(', ');

function DecisionSelect({ item, answers, onAnswer }: FieldProps) {
  const decision = decisionOf(answers, item);
  const chosen = answers.items.get(item.id)?.contact_id ?? item.contact?.id;
  return (
    <Select
      size="xs"
      aria-label={`What to do with ${item.xero_contact.name}`}
      placeholder="Decide…"
      className={decision ? undefined : 'import-undecided'}
      leftSection={decision ? undefined : <IconAlertTriangle size={15} stroke={2} aria-hidden />}
      data={optionsOf(item)}
      value={decision === 'same' ? `same ${chosen ?? ''}` : decision}
      allowDeselect={false}
      onChange={(value) => {
        if (value?.startsWith('same')) onAnswer([item], 'same', { contact_id: value.replace(/^same /, '') });
        else onAnswer([item], value as ImportDecision);
      }}
    />
  );
}

/** The answers about one contact; where it may be several of ours, *same* names each of them. */
function optionsOf(item: ImportItem) {
  if (!isAsked(item.group)) return [];
  const group = item.group;
  const ours = oursOf(item);
  return ANSWERS[group].flatMap((decision) =>
    decision === 'same'
      ? ours.map(({ id, name }) => ({
          value: `same ${id}`,
          label: ours.length > 1 ? `Same as ${name}` : decisionLabel(decision, group),
        }))
      : [{ value: decision as string, label: decisionLabel(decision, group) }],
  );
}

function RoleSelect({ item, answers, onAnswer }: FieldProps) {
  const roles = answers.items.get(item.id)?.roles ?? item.roles;
  const decision = decisionOf(answers, item);
  return (
    <Select
      size="xs"
      aria-label={`What ${item.xero_contact.name} comes in as`}
      data={ROLE_CHOICES.map(({ value, label }) => ({ value, label }))}
      value={[...roles].sort().join(' ')}
      disabled={decision !== 'different'}
      allowDeselect={false}
      onChange={(value) =>
        onAnswer([item], 'different', {
          roles: ROLE_CHOICES.find((choice) => choice.value === value)?.roles,
        })
      }
    />
  );
}
