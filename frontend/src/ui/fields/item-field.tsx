import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { itemsQuery } from '@/api/ledger';

/** The items that Xero has; the first 200 that match what is typed. */
export function ItemField(props: SelectProps) {
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const [q] = useDebouncedValue(asked.trim(), 250);
  const pages = useInfiniteQuery(itemsQuery(q ? { q } : {})).data?.pages ?? [];
  const options = (pages[0]?.items ?? [])
    .filter(({ match }) => match === 'matched' || match === 'differs')
    .map(({ code, name }) => ({ value: code, label: `${code} ${name}` }));
  const search = (text: string) => {
    setTyped(text);
    // A choice writes its label into the field, which is nothing to search for.
    if (!options.some(({ label }) => label === text)) setAsked(text);
  };
  return (
    <Select
      aria-label="Item"
      placeholder="Pick an item"
      searchable
      searchValue={typed}
      onSearchChange={search}
      // The server has searched already.
      filter={({ options: all }) => all}
      data={options}
      {...props}
    />
  );
}
