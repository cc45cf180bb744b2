import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { numberOf } from '@/lib/invoice-number';
import { count } from '@/lib/plural';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { exportItemsQuery } from './api';
import { groupProblems } from './group-problems';

/** The problems of a run, each once with its invoices, before the list of all invoices. */
export function ProblemGroups({ id, live }: { id: string; live: boolean }) {
  const { data } = useInfiniteQuery(exportItemsQuery(id, 'rejected', live));
  const groups = groupProblems(data?.pages.flatMap((page) => page.items) ?? []);
  if (groups.length === 0) return null;
  return (
    <Card title="What to fix">
      <div className="causes">
        {groups.map(({ problem, items }) => (
          <ProblemNote
            key={`${problem.code}${problem.title}`}
            problem={items.length === 1 ? problem : { title: problem.title, fix: problem.fix }}
          >
            <Text fz="sm" c="dimmed">
              {count(items.length, 'invoice', 'invoices')}: {items.slice(0, 5).map(numberOf).join(', ')}
              {items.length > 5 && '…'}
            </Text>
          </ProblemNote>
        ))}
      </div>
    </Card>
  );
}
