import { Progress } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import './home.css';

export type SetupStep = {
  id: string;
  title: string;
  isDone: boolean;
  isOptional?: boolean;
  /** What came of it, or what it is for. */
  line: ReactNode;
  /** Two sentences, when it is the step to take now. */
  text: ReactNode;
  /** What stands at the end of the row: *Change* when it is done, else how it is done. `isNow`: it is the filled button. */
  action: (isNow: boolean) => ReactNode;
};

/** What is left until the first invoice is in Xero. The first step that is not done is the one to take now. */
export function SetupCard({ steps }: { steps: readonly SetupStep[] }) {
  const done = steps.filter(({ isDone }) => isDone).length;
  const now = steps.find(({ isDone }) => !isDone);
  return (
    <section className="card" aria-label="Set-up">
      <div className="setup-head">
        <Progress.Root size={6} className="setup-bar" aria-hidden>
          <Progress.Section value={(done / steps.length) * 100} color="var(--bar-ok)" />
        </Progress.Root>
        <span className="soft">
          {done} of {steps.length} done
        </span>
      </div>
      <ol className="setup-steps">
        {steps.map((step, index) => (
          <Step key={step.id} step={step} number={index + 1} isNow={step === now} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step, number, isNow }: { step: SetupStep; number: number; isNow: boolean }) {
  const { title, isDone, isOptional, line, text, action } = step;
  return (
    <li
      className="setup-step"
      data-state={isDone ? 'done' : isNow ? 'now' : 'later'}
      aria-current={isNow ? 'step' : undefined}
    >
      <span className="setup-mark">
        {isDone ? <IconCheck size={16} stroke={2.4} role="img" aria-label="Done" /> : number}
      </span>
      <div className="setup-words">
        <h2>
          {title}
          {isOptional && !isDone && <span className="setup-optional">optional</span>}
        </h2>
        <p>{isNow ? text : line}</p>
      </div>
      <div className="setup-actions">{action(isNow)}</div>
    </li>
  );
}
