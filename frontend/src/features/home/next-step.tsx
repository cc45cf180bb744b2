import { HrefLink } from '@/ui/app-link';
import type { SetupStep } from './setup-card';
import './home.css';

/** The step of set-up to take now, on a page that an earlier step led to; and the way back to all of them. */
export function NextStep({ steps }: { steps: readonly SetupStep[] }) {
  const done = steps.filter(({ isDone }) => isDone).length;
  const at = steps.findIndex(({ isDone }) => !isDone);
  const next = steps[at];
  if (!next) return null;
  return (
    <section className="card next-step" aria-label="Set-up">
      <div className="setup-step" data-state="now">
        <span className="setup-mark">{at + 1}</span>
        <div className="setup-words">
          <h2>Next: {next.title.charAt(0).toLowerCase() + next.title.slice(1)}</h2>
          <p>{next.text}</p>
        </div>
        <div className="setup-actions">
          {next.action(true)}
          <HrefLink href="/home">
            Continue set-up ({done} of {steps.length} done)
          </HrefLink>
        </div>
      </div>
    </section>
  );
}
