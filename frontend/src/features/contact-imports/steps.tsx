import { IconCheck } from '@tabler/icons-react';
import './steps.css';

const STEPS = ['Choose', 'Preview', 'Import', 'Done'] as const;

export type Step = (typeof STEPS)[number];

/** How far the import is. */
export function Steps({ at }: { at: Step }) {
  const current = STEPS.indexOf(at);
  return (
    <ol className="steps" aria-label="Steps">
      {STEPS.map((step, index) => (
        <li
          key={step}
          data-state={index < current ? 'done' : index === current ? 'current' : undefined}
          aria-current={index === current ? 'step' : undefined}
        >
          <span className="step-mark">
            {index < current ? <IconCheck size={14} stroke={2.4} aria-label="Done:" /> : index + 1}
          </span>
          <span className="step-name">{step}</span>
        </li>
      ))}
    </ol>
  );
}
