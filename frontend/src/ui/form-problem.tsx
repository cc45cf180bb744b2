import type { UseFormReturnType } from '@mantine/form';
import { useEffect, useRef } from 'react';
import { Problem } from '@/api/problem';
import { mapErrors, pathOf } from '@/lib/pointer';
import { faultWords, problemWords } from '@/lib/words';
import { HrefButton } from './app-link';
import { Note } from './note';

/** How the fields of a form are called on the screen. */
export type Labels = Partial<Record<string, string>>;

/** What a refused form shows at its top: faults by field (each links to its field) and those of no field. */
export type FormFailure = {
  problem: Problem;
  labels: Labels;
  fields: Record<string, string>;
  rest: string[];
};

/** Puts a refusal onto the form: every fault beside its field, the first of them focused. */
export function applyProblem<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  error: unknown,
  labels: Labels,
): FormFailure {
  const problem = Problem.from(error);
  const values = form.getValues();
  const worded = problem.errors.map((fault) => {
    const field = pathOf(fault.pointer ?? '');
    return { ...fault, detail: faultWords(fault, field, labels[field] ?? 'value', values[field]) };
  });
  const { fields, rest } = mapErrors(worded, Object.keys(values));
  form.setErrors(fields);
  const first = Object.keys(fields)[0];
  if (first) requestAnimationFrame(() => document.getElementById(first)?.focus());
  return { problem, labels, fields, rest };
}

/** The refusal of a form in words, each fault with a link to its field. */
export function FormSummary({ failure }: { failure: FormFailure | null }) {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failure && Object.keys(failure.fields).length === 0)
      top.current?.scrollIntoView({ block: 'nearest' });
  }, [failure]);
  if (!failure) return null;
  const { problem, labels, fields, rest } = failure;
  const { title, text } = problemWords(problem);
  const named = Object.entries(fields);
  return (
    <Note tone="bad" role="alert" title={title} mb="md" ref={top}>
      {named.length === 0 && rest.length === 0 && text}
      {(named.length > 0 || rest.length > 0) && (
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          {named.map(([field, message]) => (
            <li key={field}>
              <a href={`#${field}`} className="text-link" onClick={(event) => focusField(event, field)}>
                {labels[field] ?? field}
              </a>
              : {message}
            </li>
          ))}
          {rest.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
      {problem.fix && (
        <HrefButton mt="xs" size="xs" href={problem.fix.href}>
          {problem.fix.label}
        </HrefButton>
      )}
    </Note>
  );
}

function focusField(event: { preventDefault: () => void }, field: string) {
  event.preventDefault();
  document.getElementById(field)?.focus();
}
