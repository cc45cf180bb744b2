import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { type Icon, IconSearch } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { pagesNamed, useRecords } from './find-records';
import './finder.css';

/** One thing that was found and where it is shown. */
export type Hit = { id: string; label: string; about: string | null; icon: Icon; href: string };
export type Hits = { group: string; hits: readonly Hit[] };

/** The search over pages and records, open as long as it is drawn. */
export function Finder({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const router = useRouter();
  useEffect(() => {
    spotlight.open();
    return () => spotlight.close();
  }, []);
  const wanted = query.trim();
  const [settled] = useDebouncedValue(wanted, 200);
  const records = useRecords(settled);
  const isAsking = settled !== wanted || records.isFetching;
  const groups = [pagesNamed(wanted), ...(wanted === '' ? [] : records.groups)].filter(
    ({ hits }) => hits.length > 0,
  );
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      // The page takes the place of the search in the history; closing it as well would go one page back.
      closeOnActionTrigger={false}
      scrollable
      maxHeight="min(520px, 70dvh)"
      size={620}
      returnFocus
      attributes={{ content: { 'aria-label': 'Find anything' } }}
    >
      <Spotlight.Search
        placeholder="Pages, invoices, contacts, jobs"
        aria-label="Find anything"
        leftSection={<IconSearch size={18} stroke={1.8} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {groups.map(({ group, hits }) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {hits.map((hit) => (
              <Spotlight.Action
                key={hit.id}
                label={hit.label}
                description={hit.about ?? undefined}
                leftSection={<hit.icon size={18} stroke={1.7} aria-hidden />}
                onClick={() => router.history.replace(hit.href)}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && (
          <Spotlight.Empty>{isAsking ? 'Looking…' : 'Nothing of that name is here.'}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
