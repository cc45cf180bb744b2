import { Skeleton, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useTitle } from './page';
import './index-table.css';

type Props = { title: string; intro?: string; actions?: ReactNode; panel?: ReactNode; children: ReactNode };

/** A page that is one list from edge to edge, with space for a panel beside it. */
export function IndexPage({ title, intro, actions, panel, children }: Props) {
  const id = useId();
  useTitle(title);
  return (
    <div className="index-page" data-panel={panel ? '' : undefined}>
      <section className="index-list" aria-labelledby={id}>
        <div className="index-head">
          <div>
            <Title order={1} id={id} fz={22} lh={1.3}>
              {title}
            </Title>
            {intro && (
              <Text fz="sm" c="dimmed" visibleFrom="sm">
                {intro}
              </Text>
            )}
          </div>
          {actions}
        </div>
        {children}
      </section>
      {panel}
    </div>
  );
}

/** Rows that are on their way: as high as the real ones, so that nothing jumps. */
export function IndexSkeleton() {
  return (
    <div aria-hidden style={{ padding: '12px 24px' }}>
      {Array.from({ length: 9 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <Skeleton key={row} h={20} my={24} />
      ))}
    </div>
  );
}

export function IndexEmpty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div style={{ padding: '56px 24px', textAlign: 'center' }}>
      <Text fw={600}>{title}</Text>
      <Text component="div" fz="sm" c="dimmed" mt={4}>
        {children}
      </Text>
    </div>
  );
}
