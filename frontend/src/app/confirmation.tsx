import { lazy, Suspense, useEffect, useState } from 'react';
import { askForConfirmation } from '@/api/confirmation';
import { useBackCloses } from '@/ui/use-overlay';

const Dialog = lazy(async () => ({
  default: (await import('@/ui/confirmation-dialog')).ConfirmationDialog,
}));

type Answer = (isConfirmed: boolean) => void;

/** Opens the dialog for the password when the API asks for it; the refused request waits for its end. */
export function Confirmation() {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => askForConfirmation(() => new Promise<boolean>((resolve) => setAnswer(() => resolve))), []);
  const end: Answer = (isConfirmed) => {
    answer?.(isConfirmed);
    setAnswer(null);
  };
  useBackCloses('confirmation', answer !== null, () => end(false));
  if (!answer) return null;
  return (
    <Suspense fallback={null}>
      <Dialog onEnd={end} />
    </Suspense>
  );
}
