import { Drawer } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { usePanelPlace } from './use-panel-place';
import './side-panel.css';

type Props = {
  /** Its name: on a wide screen that of a part of the page, else that of a dialog. */
  label: string;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  head: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
};

/** What a row stands for, in full: head and foot stay, the rest scrolls. */
export function SidePanel({ label, onClose, onKeyDown, head, foot, children }: Props) {
  const place = usePanelPlace();
  const content = (
    <>
      <div className="side-panel-head">{head}</div>
      <div className="side-panel-body">{children}</div>
      {foot && <div className="side-panel-foot">{foot}</div>}
    </>
  );
  if (place === 'over') {
    return (
      <Drawer
        opened
        onClose={onClose}
        position="right"
        size={456}
        withCloseButton={false}
        padding={0}
        attributes={{ content: { 'aria-label': label } }}
        classNames={{ body: 'side-panel' }}
        onKeyDown={onKeyDown}
      >
        {content}
      </Drawer>
    );
  }
  return (
    <aside
      className="side-panel"
      data-place={place}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
        onKeyDown?.(event);
      }}
    >
      {content}
    </aside>
  );
}
