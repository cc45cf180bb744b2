import { Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { PageBack, useTitle } from '@/ui/page';
import { WithZone } from '@/ui/zone';
import './index-page.css';

type Props = {
  title: string;
  /** The list that the page belongs to. */
  back?: { to: string; label: string };
  actions?: ReactNode;
  panel?: ReactNode;
  children: ReactNode;
};

/** A page that is one list from edge to edge, with space for a panel beside it. On a phone the panel is the page. */
export function IndexPage({ title, back, actions, panel, children }: Props) {
  const id = useId();
  useTitle(title);
  return (
    <div className="index-page" data-panel={panel ? '' : undefined}>
      <section className="index-list" aria-labelledby={id}>
        <WithZone>
          <div className="index-top">
            <div>
              {back && <PageBack {...back} />}
              <Title order={1} id={id}>
                {title}
              </Title>
            </div>
            {actions && <div className="page-actions">{actions}</div>}
          </div>
          {children}
        </WithZone>
      </section>
      {panel}
    </div>
  );
}
