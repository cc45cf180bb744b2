import { Title } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { WithZone } from './zone';
import './page.css';

type Props = {
  title: string;
  /** The list that the page belongs to. On a phone the header leads there. */
  back?: { to: string; label: string };
  /** The state beside the title. */
  mark?: ReactNode;
  intro?: ReactNode;
  actions?: ReactNode;
  /** A second column of 328 px; below the first on narrow screens. */
  aside?: ReactNode;
  children: ReactNode;
};

/** A page with a heading, for everything that is not a full-height list. */
export function Page({ title, back, mark, intro, actions, aside, children }: Props) {
  useTitle(title);
  return (
    <div className="page">
      <WithZone>
        {back && <PageBack {...back} />}
        <div className="page-head">
          <div className="page-words">
            <div className="page-title">
              <Title order={1}>{title}</Title>
              {mark}
            </div>
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

/** "‹ Contacts", above the title. */
export function PageBack({ to, label }: { to: string; label: string }) {
  return (
    <Link to={to} className="page-back only-wide">
      <IconChevronLeft size={15} stroke={1.9} aria-hidden />
      {label}
    </Link>
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Jobtally`;
  }, [title]);
}
