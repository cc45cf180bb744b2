import type { UseFormReturnType } from '@mantine/form';
import { useEffect, useRef } from 'react';
import { Problem } from '@/api/problem';
import { mapErrors } from '@/lib/pointer';
import { HrefButton } from './app-link';
import { Note } from './note';

/** What a refused form shows at its top: faults by field (each links to its field) and those of no field. */
export type FormFailure = { problem: Problem; fields: Record<string, string>; rest: string[] };

/** Puts a refusal onto the form: every fault beside its field, the first of them focused. */
export function applyProblem<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  error: unknown,
): FormFailure {
  const problem = Problem.from(error);
  const { fields, rest } = mapErrors(problem.errors, Object.keys(form.getValues()));
  form.setErrors(fields);
  const first = Object.keys(fields)[0];
  if (first) requestAnimationFrame(() => document.getElementById(first)?.focus());
  return { problem, fields, rest };
}

type SummaryProps = { failure: FormFailure | null; labels: Record<string, string> };

export function FormSummary({ failure, labels }: SummaryProps) {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failure && Object.keys(failure.fields).length === 0)
      top.current?.scrollIntoView({ block: 'nearest' });
  }, [failure]);
  if (!failure) return null;
  const { problem, fields, rest } = failure;
  const named = Object.entries(fields);
  return (
    <Note tone="bad" role="alert" title={problem.title} mb="md" ref={top}>
      {named.length === 0 && rest.length === 0 && problem.detail}
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
