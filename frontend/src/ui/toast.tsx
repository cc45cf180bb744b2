import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { Problem } from '@/api/problem';

const shape = { withBorder: true, closeButtonProps: { 'aria-label': 'Dismiss' } };

/** Confirmation that leaves by itself after eight seconds. */
export function toastDone(title: string, message: ReactNode = null) {
  notifications.show({ ...shape, title, message, color: 'teal.9', autoClose: 8000 });
}

/** A refusal with no form to stand on: it stays until it is closed. */
export function toastProblem(error: unknown) {
  const problem = Problem.from(error);
  const message = [problem.detail, ...problem.errors.map((fault) => fault.detail)].filter(Boolean).join(' ');
  notifications.show({ ...shape, title: problem.title, message, color: 'red.9', autoClose: false });
}

/** A message with its own content under a name, so that a later one takes its place. */
export function toastLive(id: string, message: ReactNode) {
  notifications.hide(id);
  notifications.show({ ...shape, id, message, autoClose: false });
}

export const closeToast = (id: string) => notifications.hide(id);

/** Confirmation with a way back, for ten seconds. */
export function toastUndo(title: string, undo: () => void) {
  const id = `undo-${title}`;
  const takeBack = () => {
    closeToast(id);
    undo();
  };
  const message = (
    <Button size="compact-sm" variant="light" onClick={takeBack}>
      Undo
    </Button>
  );
  closeToast(id);
  notifications.show({ ...shape, id, title, message, color: 'teal.9', autoClose: 10_000 });
}
