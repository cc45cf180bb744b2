import { Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { count } from '@/lib/plural';
import { HrefButton } from '@/ui/app-link';
import { exportItemsQuery } from './api';
import { groupProblems } from './group-problems';
import './problem-groups.css';

/** What to mend, once per cause, before the list of single invoices. */
export function ProblemGroups({ id, live }: { id: string; live: boolean }) {
  const { data } = useInfiniteQuery(exportItemsQuery(id, 'rejected', live));
  const groups = groupProblems(data?.pages.flatMap((page) => page.items) ?? []);
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="what-to-fix">
      <Title order={2} fz={17} mb="sm" id="what-to-fix">
        What to fix
      </Title>
      <Stack gap="sm">
        {groups.map(({ problem, items }) => (
          <div key={`${problem.code}${problem.title}`} className="problem-group">
            <IconAlertTriangle size={20} aria-hidden />
            <div>
              <Text fw={600}>{problem.title}</Text>
              {items.length === 1 && problem.detail && <Text fz="sm">{problem.detail}</Text>}
              <Text fz="sm" c="dimmed">
                {count(items.length, 'invoice', 'invoices')}:{' '}
                {items
                  .slice(0, 5)
                  .map((item) => item.number)
                  .join(', ')}
                {items.length > 5 && '…'}
              </Text>
              {problem.fix && (
                <Group mt={8}>
                  <HrefButton href={problem.fix.href} size="xs" color="warn.9">
                    {problem.fix.label}
                  </HrefButton>
                </Group>
              )}
            </div>
          </div>
        ))}
      </Stack>
    </section>
  );
}
