import { Tabs } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { InvoiceCounts } from '@/api/types';
import { useFormat } from '@/lib/locale';
import type { View } from './search';
import { VIEW_LABELS } from './words';

const ORDER: readonly View[] = ['ready', 'attention', 'exported', 'draft', 'all'];

type Props = { view: View; counts: InvoiceCounts | undefined; onView: (view: View) => void };

/** How many invoices each view holds, under the filters of the address. */
export const countOf = (counts: InvoiceCounts, view: View): number =>
  view === 'attention' ? counts.rejected : counts[view];

export function ViewTabs({ view, counts, onView }: Props) {
  const format = useFormat();
  const tabs = useRef<HTMLDivElement>(null);
  // On a phone the row of tabs is wider than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen tab moves with the view
  useEffect(() => {
    tabs.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [view]);
  return (
    <Tabs ref={tabs} value={view} onChange={(next) => next && onView(next as View)} className="index-tabs">
      <Tabs.List aria-label="Views">
        {ORDER.map((one) => (
          <Tabs.Tab
            key={one}
            value={one}
            rightSection={
              counts && (
                <span
                  className="count"
                  data-tone={one === 'attention' && counts.rejected ? 'warn' : undefined}
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
