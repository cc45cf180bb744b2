import { Button, Group } from '@mantine/core';
import type { ResourceProblem } from '@/api/types';
import { ProblemNote } from '@/ui/problem-note';
import { useAnswerContact } from './api';

type Props = { contactId: string; problem: ResourceProblem };
type Choice = 'keep_xeros' | 'send_ours';

/** The answers to a problem as equal buttons: neither side is the likely one. */
export function ContactAnswers({ contactId, problem }: Props) {
  const answer = useAnswerContact(contactId, problem.code);
  return (
    <>
      <Group gap="xs" mt={8}>
        {problem.choices.map(({ code, label }) => (
          <Button
            key={code}
            size="xs"
            variant="default"
            loading={answer.isPending && answer.variables === code}
            disabled={answer.isPending}
            onClick={() => answer.mutate(code as Choice)}
          >
            {label}
          </Button>
        ))}
      </Group>
      {answer.isError && <ProblemNote error={answer.error} />}
    </>
  );
}
