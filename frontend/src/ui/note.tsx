import { Alert, type AlertProps } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import './note.css';

export type Tone = 'info' | 'ok' | 'warn' | 'bad';

const ICONS = { info: IconInfoCircle, ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX };

/** A block that says something in words, an icon and a colour together. Announced only when `role` says so. */
export function Note({
  tone,
  role,
  className = '',
  ...rest
}: { tone: Tone } & Omit<AlertProps, 'color' | 'icon'>) {
  const Icon = ICONS[tone];
  return (
    <Alert
      {...rest}
      role={role ?? 'note'}
      data-tone={tone}
      className={`note ${className}`}
      icon={<Icon size={18} aria-hidden />}
    />
  );
}
