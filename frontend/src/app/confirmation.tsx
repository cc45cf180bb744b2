import { lazy, Suspense, useEffect, useState } from 'react';
import { askForConfirmation } from '@/api/confirmation';

const Dialog = lazy(async () => ({
  default: (await import('@/ui/confirmation-dialog')).ConfirmationDialog,
}));

type Answer = (isConfirmed: boolean) => void;

/** Opens the dialog for the password when the API asks for it; the refused request waits for its end. */
export function Confirmation() {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => askForConfirmation(() => new Promise<boolean>((resolve) => setAnswer(() => resolve))), []);
  if (!answer) return null;
  const end: Answer = (isConfirmed) => {
    answer(isConfirmed);
    setAnswer(null);
  };
  return (
    <Suspense fallback={null}>
      <Dialog onEnd={end} />
    </Suspense>
  );
}
