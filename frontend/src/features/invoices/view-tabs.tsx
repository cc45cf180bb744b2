import { Tabs } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { KindCounts } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { VIEWS, type View } from './search';
import { VIEW_LABELS } from './words';

type Props = { view: View; counts: KindCounts | undefined; onView: (view: View) => void };

/** How many invoices a view holds. */
export const countOf = (counts: KindCounts, view: View): number =>
  view === 'attention' ? counts.needs_attention : counts[view];

export function ViewTabs({ view, counts, onView }: Props) {
  const format = useFormat();
  // What is on its way is soon somewhere else: the tab is there only while it has something to show.
  const shown = VIEWS.filter((one) => one !== 'in_progress' || one === view || counts?.in_progress);
  const tabs = useRef<HTMLDivElement>(null);
  // On a phone the row of tabs is wider than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen tab moves with the view, and once more when the counts widen the row
  useEffect(() => {
    tabs.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [view, counts !== undefined]);
  return (
    <Tabs ref={tabs} value={view} onChange={(next) => next && onView(next as View)} className="index-tabs">
      <Tabs.List aria-label="Views">
        {shown.map((one) => (
          <Tabs.Tab
            key={one}
            value={one}
            rightSection={
              counts && (
                <span
                  className="count"
                  data-tone={one === 'attention' && counts.needs_attention ? 'warn' : undefined}
                >
                  {format.number(countOf(counts, one))}
                </span>
              )
            }
          >
            {VIEW_LABELS[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
