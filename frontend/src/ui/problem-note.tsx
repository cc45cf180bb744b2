import { Button, Code, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Problem } from '@/api/problem';
import type { ResourceProblem } from '@/api/types';
import { pathOf } from '@/lib/pointer';
import { faultWords, problemWords } from '@/lib/words';
import { HrefButton, HrefLink } from './app-link';
import { Note } from './note';
import './problem-note.css';

type ErrorProps = { error: unknown; title?: string; onRetry?: () => void };

type CauseProps = {
  problem: Pick<ResourceProblem, 'title' | 'fix'> &
    Partial<Pick<ResourceProblem, 'detail' | 'xero_message' | 'source'>>;
  remark?: boolean;
  /** The field that fixes it here; without one there is a link to the place that does. */
  cure?: ReactNode;
  children?: ReactNode;
};

/** A failed request (`error`), or a problem or remark of a resource: what happened and where it is fixed. */
export function ProblemNote(props: ErrorProps | CauseProps) {
  return 'problem' in props ? <CauseNote {...props} /> : <ErrorNote {...props} />;
}

type NotesProps = Record<'problems' | 'remarks', ResourceProblem[]> & {
  /** The field that fixes a problem, if one value does. */
  cureOf?: (problem: ResourceProblem) => ReactNode;
  /** What can be done about the remarks together. */
  afterRemarks?: ReactNode;
};

/** All problems and remarks of one resource, one row each. */
export function ProblemNotes({ problems, remarks, cureOf, afterRemarks }: NotesProps) {
  if (problems.length + remarks.length === 0) return null;
  return (
    <div className="causes">
      {problems.map((problem) => (
        <ProblemNote key={keyOf(problem)} problem={problem} cure={cureOf?.(problem)} />
      ))}
      {remarks.map((remark) => (
        <ProblemNote key={keyOf(remark)} problem={remark} remark />
      ))}
      {remarks.length > 0 && afterRemarks}
    </div>
  );
}

/** The title of the first problem, else of the first remark: what a row of a list shows. */
export function FirstProblem({ problems, remarks }: Record<'problems' | 'remarks', ResourceProblem[]>) {
  const first = problems[0] ?? remarks[0];
  if (!first) return null;
  return (
    <span className="soft" title={first.title}>
      {first.title}
    </span>
  );
}

function CauseNote({ problem, remark, cure, children }: CauseProps) {
  const { title, detail, xero_message: message, fix, source } = problem;
  const tone = remark ? 'look' : source === 'xero' ? 'bad' : 'warn';
  const Shape = { look: IconInfoCircle, bad: IconCircleX, warn: IconAlertTriangle }[tone];
  return (
    <div className="cause" data-tone={tone} role="note">
      <Shape size={18} stroke={1.8} aria-hidden />
      <div className="cause-words">
        {remark ? (
          <p>
            <span className="cause-remark">{title}.</span> {detail}{' '}
            {fix && <HrefLink href={fix.href}>{fix.label}</HrefLink>}
          </p>
        ) : (
          <>
            <p className="cause-title">{title}</p>
            {detail && <p>{detail}</p>}
          </>
        )}
        {message && message !== detail && <p>Xero says: “{message}”</p>}
        {children}
        {cure ??
          (!remark && fix && (
            <HrefButton href={fix.href} size="xs" variant="default" mt={8}>
              {fix.label}
            </HrefButton>
          ))}
      </div>
    </div>
  );
}

function ErrorNote({ error, title, onRetry }: ErrorProps) {
  const problem = Problem.from(error);
  const words = problemWords(problem);
  return (
    <Note tone="bad" role="alert" title={title ?? words.title}>
      {title && <Text>{words.title}.</Text>}
      {words.text && <Text>{words.text}</Text>}
      {problem.errors.map((fault) => (
        <Text key={`${fault.pointer ?? fault.parameter}${fault.detail}`}>
          {faultWords(fault, pathOf(fault.pointer ?? ''), 'value', 'given')}
        </Text>
      ))}
      {(onRetry || problem.fix) && (
        <Group gap="xs" mt="xs">
          {problem.fix && (
            <HrefButton href={problem.fix.href} size="xs" variant="default">
              {problem.fix.label}
            </HrefButton>
          )}
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
        </Group>
      )}
      {problem.requestId && (
        <Text fz="xs" c="dimmed" mt="xs">
          For support: <Code fz="xs">{problem.requestId}</Code>
        </Text>
      )}
    </Note>
  );
}

const keyOf = (problem: ResourceProblem) => `${problem.code} ${problem.pointer ?? ''} ${problem.detail}`;
