import type { ReactNode } from 'react';

export type Toast = {
  id: string;
  tone: 'ok' | 'bad' | 'live';
  title?: string;
  message?: ReactNode;
  action?: { label: string; run: () => void };
  /** How long it stays; one without it stays until it is closed. */
  stayMs?: number;
  /** The page that shows the same already. */
  hiddenAt?: string;
};

const MOST = 3;

let toasts: readonly Toast[] = [];
const listeners = new Set<() => void>();

function put(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Shows a toast; one of the same id gives way to it, and the oldest gives way to a fourth. */
export const showToast = (toast: Toast) =>
  put([...toasts.filter((one) => one.id !== toast.id), toast].slice(-MOST));

export const closeToast = (id: string) => put(toasts.filter((one) => one.id !== id));

export const clearToasts = () => put([]);

export const currentToasts = () => toasts;

export function watchToasts(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
