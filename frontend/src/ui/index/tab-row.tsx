import { Tabs } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useFormat } from '@/lib/locale';
import './tab-row.css';

export type Tab<Value extends string> = {
  value: Value;
  label: string;
  count?: number;
  /** Whether the count is of things to fix. */
  warns?: boolean;
};

type Props<Value extends string> = {
  label: string;
  tabs: readonly Tab<Value>[];
  value: Value;
  onChange: (value: Value) => void;
};

/** The views of a list, each with how many it holds; on a phone they scroll sideways. */
export function TabRow<Value extends string>({ label, tabs, value, onChange }: Props<Value>) {
  const format = useFormat();
  const row = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen tab moves with the view, and once more when counts widen the row
  useEffect(() => {
    row.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [value, tabs.length, tabs[0]?.count !== undefined]);
  return (
    <Tabs
      ref={row}
      value={value}
      onChange={(next) => next !== null && onChange(next as Value)}
      className="tab-row"
    >
      <Tabs.List aria-label={label}>
        {tabs.map((tab) => (
          <Tabs.Tab
            key={tab.value}
            value={tab.value}
            rightSection={
              tab.count !== undefined && (
                <span className="count" data-tone={tab.warns && tab.count > 0 ? 'warn' : undefined}>
                  {format.number(tab.count)}
                </span>
              )
            }
          >
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
