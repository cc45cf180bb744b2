import { Button, CloseButton } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { Problem } from '@/api/problem';
import { problemWords } from '@/lib/words';
import { closeToast, currentToasts, showToast, type Toast, watchToasts } from './toast-store';

let made = 0;
const nextId = () => {
  made += 1;
  return `toast-${made}`;
};

/** Confirmation that leaves by itself after eight seconds. */
export const toastDone = (title: string, message: ReactNode = null) =>
  showToast({ id: nextId(), tone: 'ok', title, message, stayMs: 8_000 });

/** A refusal with no form to stand on: it stays until it is closed. */
export function toastProblem(error: unknown) {
  const { title, text } = problemWords(Problem.from(error));
  showToast({ id: nextId(), tone: 'bad', title, message: text });
}

/** Confirmation with a way back, for ten seconds; answers its id, for a way back that ends sooner. */
export function toastUndo(title: string, undo: () => void, message: ReactNode = null): string {
  const id = `undo-${title}`;
  showToast({ id, tone: 'ok', title, message, action: { label: 'Undo', run: undo }, stayMs: 10_000 });
  return id;
}

/** The toasts of the moment; those that would repeat the page below them are left out. */
export function Toasts() {
  const toasts = useSyncExternalStore(watchToasts, currentToasts);
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <div className="toasts">
      {toasts.map((toast) => toast.hiddenAt !== path && <ToastLine key={toast.id} toast={toast} />)}
    </div>
  );
}

function ToastLine({ toast }: { toast: Toast }) {
  const { id, tone, title, message, action } = toast;
  const hold = useTimer(toast);
  const Shape = { ok: IconCircleCheck, bad: IconCircleX, live: null }[tone];
  return (
    // A pointer or the focus on it stops its time (WCAG 2.2.1).
    <div className="toast" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'} {...hold}>
      {Shape && <Shape size={18} stroke={1.8} aria-hidden />}
      <div className="toast-words">
        {title && <span className="toast-title">{title}</span>}
        {message}
      </div>
      {action && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            closeToast(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <CloseButton size={34} aria-label="Dismiss" onClick={() => closeToast(id)} />
    </div>
  );
}

/** Closes a toast after its time, which is stopped while it is held. */
function useTimer(toast: Toast) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || toast.stayMs === undefined) return;
    const timer = setTimeout(() => closeToast(toast.id), toast.stayMs);
    return () => clearTimeout(timer);
  }, [held, toast]);
  return {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => setHeld(false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(false),
  };
}
