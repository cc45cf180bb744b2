import { Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { WithZone } from './zone';
import './page.css';

type Props = {
  title: string;
  intro?: ReactNode;
  actions?: ReactNode;
  /** A second column of 328 px; below the first on narrow screens. */
  aside?: ReactNode;
  children: ReactNode;
};

/** A page with a heading, for everything that is not a full-height list. */
export function Page({ title, intro, actions, aside, children }: Props) {
  useTitle(title);
  return (
    <div className="page">
      <WithZone>
        <div className="page-head">
          <div className="page-words">
            <Title order={1}>{title}</Title>
            {intro && <p className="page-intro">{intro}</p>}
          </div>
          {actions && <div className="page-actions">{actions}</div>}
        </div>
        {aside ? (
          <div className="page-columns">
            <div className="page-column">{children}</div>
            <aside className="page-aside">{aside}</aside>
          </div>
        ) : (
          children
        )}
      </WithZone>
    </div>
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Jobtally`;
  }, [title]);
}
