import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';

/** Brings the part that the address names after "#" into view, focuses its first field and lets it glow once. */
export function useAnchor() {
  const hash = useRouterState({ select: (state) => state.location.hash });
  useEffect(() => {
    const part = hash ? document.getElementById(hash) : null;
    if (!part) return;
    part.scrollIntoView({ block: 'start' });
    part.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true });
    part.dataset.pulse = '';
    const stop = () => delete part.dataset.pulse;
    part.addEventListener('animationend', stop, { once: true });
    return () => {
      part.removeEventListener('animationend', stop);
      stop();
    };
  }, [hash]);
}
