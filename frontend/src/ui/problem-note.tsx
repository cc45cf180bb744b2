import { Button, Code, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Fix, Problem } from '@/api/problem';
import type { ResourceProblem } from '@/api/types';
import { HrefButton } from './app-link';
import { Note } from './note';

type ErrorProps = { error: unknown; title?: string; onRetry?: () => void };

type CauseProps = {
  problem: Pick<ResourceProblem, 'title' | 'fix'> & Partial<Pick<ResourceProblem, 'detail' | 'xero_message'>>;
  remark?: boolean;
  children?: ReactNode;
};

/** A failed request (`error`), or a problem or remark of a resource: what happened and where it is fixed. */
export function ProblemNote(props: ErrorProps | CauseProps) {
  return 'problem' in props ? <CauseNote {...props} /> : <ErrorNote {...props} />;
}

/** All problems and remarks of one resource. */
export function ProblemNotes({ problems, remarks }: Record<'problems' | 'remarks', ResourceProblem[]>) {
  if (problems.length + remarks.length === 0) return null;
  return (
    <Stack gap="xs">
      {problems.map((problem) => (
        <ProblemNote key={keyOf(problem)} problem={problem} />
      ))}
      {remarks.map((remark) => (
        <ProblemNote key={keyOf(remark)} problem={remark} remark />
      ))}
    </Stack>
  );
}

/** The title of the first problem, else of the first remark: what a row of a list shows. */
export function FirstProblem({ problems, remarks }: Record<'problems' | 'remarks', ResourceProblem[]>) {
  const first = problems[0] ?? remarks[0];
  if (!first) return null;
  return (
    <span className="row-problem" title={first.title}>
      {first.title}
    </span>
  );
}

function CauseNote({ problem, remark, children }: CauseProps) {
  const { title, detail, xero_message: message, fix } = problem;
  return (
    <Note tone={remark ? 'info' : 'warn'} title={title}>
      {detail && <Text fz="sm">{detail}</Text>}
      {message && message !== detail && <Text fz="sm">Xero says: “{message}”</Text>}
      {children}
      {fix && <FixButton fix={fix} color={remark ? undefined : 'warn.9'} />}
    </Note>
  );
}

function ErrorNote({ error, title, onRetry }: ErrorProps) {
  const problem = Problem.from(error);
  return (
    <Note tone="bad" role="alert" title={title ?? problem.title}>
      {title && <Text fz="sm">{problem.title}.</Text>}
      {problem.detail && <Text fz="sm">{problem.detail}</Text>}
      {problem.errors.map((error) => (
        <Text fz="sm" key={`${error.pointer ?? error.parameter}${error.detail}`}>
          {error.detail}
        </Text>
      ))}
      {(onRetry || problem.fix) && (
        <Group gap="xs">
          {problem.fix && <FixButton fix={problem.fix} />}
          {onRetry && (
            <Button size="xs" variant="default" mt="xs" onClick={onRetry}>
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

function FixButton({ fix, color }: { fix: Fix; color?: string }) {
  return (
    <div>
      <HrefButton href={fix.href} size="xs" color={color} mt="xs">
        {fix.label}
      </HrefButton>
    </div>
  );
}

const keyOf = (problem: ResourceProblem) => `${problem.code} ${problem.pointer ?? ''} ${problem.detail}`;
