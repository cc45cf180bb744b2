import { Button, Code, Group, Text } from '@mantine/core';
import { Problem } from '@/api/problem';
import { HrefButton } from './app-link';
import { Note } from './note';

type Props = { error: unknown; title?: string; onRetry?: () => void };

/** Something the API refused or could not do: what happened, the way out, and the id support asks for. */
export function ProblemNote({ error, title, onRetry }: Props) {
  const problem = Problem.from(error);
  return (
    <Note tone="bad" role="alert" title={title ?? problem.title}>
      {title && <Text fz="sm">{problem.title}.</Text>}
      {problem.detail && <Text fz="sm">{problem.detail}</Text>}
      {problem.errors.map((fault) => (
        <Text fz="sm" key={`${fault.pointer ?? fault.parameter}${fault.detail}`}>
          {fault.detail}
        </Text>
      ))}
      {(onRetry || problem.fix) && (
        <Group gap="xs" mt="xs">
          {problem.fix && (
            <HrefButton size="xs" href={problem.fix.href}>
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
