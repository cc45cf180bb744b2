import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconPlus,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { costCentersQuery, useMatchCostCenters } from '@/api/ledger';
import { connectionQuery, preferencesQuery } from '@/api/shared';
import type { CostCenter } from '@/api/types';
import { count } from '@/lib/plural';
import { HrefLink } from '@/ui/app-link';
import { IndexEmpty, IndexPage, IndexSkeleton } from '@/ui/index-page';
import { ProblemNote } from '@/ui/problem-note';
import { RefreshFromXero } from '@/ui/refresh-from-xero';
import { type MarkTone, StateMark } from '@/ui/state-mark';
import { toastDone, toastProblem } from '@/ui/toast';
import { WayBack } from '@/ui/way-back';
import { AddCostCenter } from './add-cost-center';
import './cost-centers-page.css';

const MATCHES: Record<CostCenter['match'], { label: string; icon: Icon; tone: MarkTone }> = {
  matched: { label: 'Matched', icon: IconCircleCheck, tone: 'ok' },
  spelled_differently: { label: 'Spelled differently', icon: IconAlertTriangle, tone: 'warn' },
  missing: { label: 'Not in Xero', icon: IconCircleX, tone: 'bad' },
  archived: { label: 'Archived in Xero', icon: IconArchive, tone: 'warn' },
  unchecked: { label: 'Not checked', icon: IconCircleDashed, tone: 'quiet' },
};

/** Settings ▸ Cost centres: ours, and the option of the tracking category each of them stands for. */
export function CostCentersPage({ onlyUnmatched }: { onlyUnmatched: boolean }) {
  const centers = useQuery(costCentersQuery);
  const tracking = useQuery(preferencesQuery).data?.value.tracking_category_id;
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const [adding, dialog] = useDisclosure();
  const rows = centers.data?.filter((one) => !onlyUnmatched || one.match !== 'matched') ?? [];
  return (
    <IndexPage
      title="Cost centres"
      intro="Each stands for one option of your tracking category in Xero."
      actions={
        <Group gap="xs">
          {connected && <RefreshFromXero />}
          {connected && tracking && <MatchButton />}
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add cost centre
          </Button>
        </Group>
      }
    >
      <div className="cost-centers-lead">
        <WayBack />
        {onlyUnmatched && (
          <span className="soft">
            Only those without a match. <HrefLink href="/settings/cost-centres">Show all</HrefLink>
          </span>
        )}
        {tracking === null && (
          <span className="soft">
            No tracking category is chosen yet.{' '}
            <HrefLink href="/settings/accounting#tracking">Choose one</HrefLink>
          </span>
        )}
      </div>
      <div className="index-scroll">
        {centers.isPending && <IndexSkeleton />}
        {centers.isError && <ProblemNote error={centers.error} onRetry={() => centers.refetch()} />}
        {centers.data?.length === 0 && (
          <IndexEmpty title="No cost centres yet">
            Tracking is optional. Add a cost centre when your lines should carry one.
          </IndexEmpty>
        )}
        {centers.data && centers.data.length > 0 && rows.length === 0 && (
          <IndexEmpty title="Every cost centre matches">Nothing needs a fix here.</IndexEmpty>
        )}
        {rows.length > 0 && (
          <table className="index cost-centers">
            <thead>
              <tr>
                <th data-cell="title">Cost centre</th>
                <th data-cell="note">In Xero</th>
                <th data-cell="state">Match</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={one.id}>
                  <td data-cell="title">{one.name}</td>
                  <td data-cell="note" className="soft">
                    {one.option_name ?? '–'}
                  </td>
                  <td data-cell="state">
                    <StateMark {...MATCHES[one.match]} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <AddCostCenter opened={adding} onClose={dialog.close} />
    </IndexPage>
  );
}

function MatchButton() {
  const match = useMatchCostCenters();
  const go = () =>
    match.mutate(undefined, {
      onSuccess: ({ items }) => {
        const renamed = items.filter((one) => one.renamed).length;
        const open = items.filter((one) => one.match !== 'matched').length;
        toastDone(
          open === 0
            ? 'Every cost centre matches'
            : `${count(open, 'cost centre has', 'cost centres have')} no match`,
          renamed > 0 && `${renamed} now spelled as in Xero.`,
        );
      },
      onError: toastProblem,
    });
  return (
    <Button variant="default" onClick={go} loading={match.isPending}>
      Match with Xero
    </Button>
  );
}
