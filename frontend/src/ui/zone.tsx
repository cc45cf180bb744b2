import { createContext, type ReactNode, type Ref, use, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { Toasts } from './toast';
import './zone.css';

const ZoneContext = createContext<HTMLElement | null>(null);

/** The page around `children`, with its one place at the bottom: toasts above, the page's bar below them. */
export function WithZone({ children }: { children: ReactNode }) {
  const [bar, setBar] = useState<HTMLElement | null>(null);
  return (
    <ZoneContext value={bar}>
      {children}
      <Zone bar={setBar} />
    </ZoneContext>
  );
}

/** Puts a bar of actions (what is ticked, what is not saved) into the page's zone. */
export function InZone({ children }: { children: ReactNode }) {
  const bar = use(ZoneContext);
  return bar && createPortal(children, bar);
}

function Zone({ bar }: { bar: Ref<HTMLDivElement> }) {
  const [zone, setZone] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (!zone) return;
    const style = document.documentElement.style;
    // Lists and pages keep this much room free below their last row, and the focus is never scrolled behind it.
    const observer = new ResizeObserver(() => style.setProperty('--zone', `${zone.offsetHeight}px`));
    observer.observe(zone);
    return () => {
      observer.disconnect();
      style.removeProperty('--zone');
    };
  }, [zone]);
  return (
    <div className="zone" ref={setZone}>
      <Toasts />
      <div className="zone-bar" ref={bar} />
    </div>
  );
}
