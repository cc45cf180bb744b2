import { Button } from '@mantine/core';
import type { Tagged } from '@/api/client';
import type { Invoice, ResourceProblem } from '@/api/types';
import { ProblemNote, ProblemNotes } from '@/ui/problem-note';
import { Answers } from './answers';
import { useReadRemarks } from './api';
import { Cure } from './cure';
import { curePlace } from './cures';
import { MoveDate } from './move-date';
import { linesWords, type SameProblem, sameProblems, withoutLine } from './same-problems';

/** What stands against an invoice, each with its cure; then what deserves a look. */
export function PanelProblems({ invoice }: { invoice: Tagged<Invoice> }) {
  const { id, problems, remarks, remarks_read_at: readAt } = invoice.value;
  const causes = new Map(sameProblems(problems).map((cause) => [inOneSentence(cause), cause]));
  const cureOf = (shown: ResourceProblem) => {
    const { problem, lines } = causes.get(shown) ?? { problem: shown, lines: [] };
    if (problem.choices.length > 0) return <Answers problem={problem} invoice={invoice.value} />;
    if (problem.code === 'period_locked') return <MoveDate invoice={invoice} fix={problem.fix} />;
    const place = curePlace(problem, lines);
    return place && <Cure place={place} invoice={invoice} fix={problem.fix} />;
  };
  return (
    <ProblemNotes
      problems={[...causes.keys()]}
      remarks={remarks}
      cureOf={cureOf}
      afterRemarks={readAt === null && <ReadRemarks id={id} />}
    />
  );
}

const SENTENCES = /^(.*?[.?!])(?: (?=[\p{Lu}“])(.*))?$/su;

/** The field below proposes the same. */
const isProposed = (sentence: string) => sentence.startsWith('Did you mean');

/** A problem of lines says in its first sentence all that its title does. */
function inOneSentence({ problem, lines }: SameProblem): ResourceProblem {
  const said = withoutLine(problem);
  const [, sentence, rest = ''] = SENTENCES.exec(said) ?? [];
  if (said === problem.detail || !sentence || lines.length === 0) return problem;
  return {
    ...problem,
    title: `${linesWords(lines)}: ${sentence.replace(/\.$/, '')}`,
    detail: isProposed(rest) ? '' : rest,
  };
}

/** The button after unread remarks. */
function ReadRemarks({ id }: { id: string }) {
  const read = useReadRemarks(id);
  return (
    <div className="cause-end">
      <Button size="xs" variant="default" loading={read.isPending} onClick={() => read.mutate()}>
        Mark as read
      </Button>
      {read.error && <ProblemNote error={read.error} />}
    </div>
  );
}
