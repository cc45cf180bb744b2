import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { Invoice, ResourceProblem } from '@/api/types';
import { useSession } from '@/api/use-session';
import { numberOf } from '@/lib/invoice-number';
import { HrefButton } from '@/ui/app-link';
import { ProblemNote } from '@/ui/problem-note';
import { toastUndo } from '@/ui/toast';
import { useOverlay } from '@/ui/use-overlay';
import { useAnswer, useTakeBack } from './api';
import { documentsOf, LOOKS_ENTERED } from './entered/documents';
import { SideBySide } from './entered/side-by-side';
import { RISKS } from './words';

type Props = { problem: ResourceProblem; invoice: Invoice };
type Choice = ResourceProblem['choices'][number];

/** The answers to a problem as buttons. None is given on one click: a dialog says what it leads to. */
export function Answers({ problem, invoice }: Props) {
  const dialog = useOverlay(`answer ${problem.code}`);
  const takeBack = useTakeBack(invoice.id);
  const answer = useAnswer(invoice.id, problem.code, (choice) => {
    if (problem.code !== LOOKS_ENTERED || choice !== 'different') return;
    toastUndo(`${numberOf(invoice)} is another one`, () => takeBack.mutate());
  });
  const [chosen, setChosen] = useState<Choice>();
  const { role } = useSession();
  const isCompared = problem.code === LOOKS_ENTERED;
  const isOpen = isCompared || problem.code === 'several_in_xero';
  const mayAnswer = isOpen ? role !== 'viewer' : role === 'admin';
  const documents = documentsOf({ problems: [problem] });
  const ask = (choice: Choice) => {
    answer.reset();
    setChosen(choice);
    dialog.open();
  };
  return (
    <>
      {documents.length > 0 && <SideBySide invoice={invoice} documents={documents} />}
      <Group gap="xs" mt={8}>
        {mayAnswer &&
          problem.choices.map((choice) => (
            <Button key={choice.code} size="xs" variant="default" onClick={() => ask(choice)}>
              {choice.label}
            </Button>
          ))}
        {problem.fix && !isCompared && (
          <HrefButton href={problem.fix.href} size="xs" variant="default">
            {problem.fix.label}
          </HrefButton>
        )}
      </Group>
      {!mayAnswer && <p>{isOpen ? 'A member' : 'An administrator'} of your business can answer this.</p>}
      <Modal
        opened={dialog.opened && chosen !== undefined}
        onClose={dialog.close}
        title={`${chosen?.label}?`}
        centered
      >
        <Text fz="sm">{RISKS[chosen?.code.split(':')[0] ?? ''] ?? problem.detail}</Text>
        {answer.isError && <ProblemNote error={answer.error} />}
        <Group mt="lg" justify="end" gap="sm">
          <Button variant="default" data-autofocus onClick={dialog.close}>
            Cancel
          </Button>
          <Button
            loading={answer.isPending}
            onClick={() => chosen && answer.mutate(chosen.code, { onSuccess: dialog.close })}
          >
            {chosen?.label}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
