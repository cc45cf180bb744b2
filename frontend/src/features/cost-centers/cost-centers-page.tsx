import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { costCentersQuery, useMatchCostCenters } from '@/api/ledger';
import { connectionQuery, preferencesQuery } from '@/api/shared';
import type { CostCenter } from '@/api/types';
import { count } from '@/lib/plural';
import { HrefLink } from '@/ui/app-link';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexPage } from '@/ui/index/index-page';
import { IndexTable } from '@/ui/index/index-table';
import { RefreshFromXero } from '@/ui/refresh-from-xero';
import { StateMark } from '@/ui/state-mark';
import { toastDone, toastProblem } from '@/ui/toast';
import { useOverlay } from '@/ui/use-overlay';
import { WayBack } from '@/ui/way-back';
import { AddCostCenter } from './add-cost-center';

const COLUMNS: readonly Column<CostCenter>[] = [
  { id: 'name', head: 'Cost centre', phone: 'title', cell: ({ name }) => name },
  {
    id: 'option',
    head: 'In Xero',
    width: '36%',
    phone: 'text',
    cell: ({ option_name }) => <span className="soft">{option_name ?? '–'}</span>,
  },
  {
    id: 'match',
    head: 'Match',
    width: '220px',
    phone: 'value',
    cell: ({ match }) => <StateMark of="costCenter" state={match} />,
  },
];

/** Settings ▸ Cost centres: ours, and the option of the tracking category each of them stands for. */
export function CostCentersPage({ onlyUnmatched }: { onlyUnmatched: boolean }) {
  const centers = useQuery(costCentersQuery);
  const tracking = useQuery(preferencesQuery).data?.value.tracking_category_id;
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const dialog = useOverlay('add');
  const rows = centers.data?.filter((center) => !onlyUnmatched || center.match !== 'matched') ?? [];
  return (
    <IndexPage
      title="Cost centres"
      actions={
        <>
          {connected && <RefreshFromXero />}
          {connected && tracking && <MatchButton />}
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add cost centre
          </Button>
        </>
      }
    >
      <div className="index-filters">
        <WayBack />
        <span className="soft">
          {onlyUnmatched ? (
            <>
              Only those without a match. <HrefLink href="/settings/cost-centres">Show all</HrefLink>
            </>
          ) : (
            'Each stands for one option of your tracking category in Xero.'
          )}
          {tracking === null && (
            <>
              {' '}
              No category is chosen yet. <HrefLink href="/settings/accounting#tracking">Choose one</HrefLink>
            </>
          )}
        </span>
      </div>
      <IndexList
        label="Cost centre list"
        query={centers}
        isEmpty={rows.length === 0}
        empty={
          centers.data?.length === 0 ? (
            <IndexEmpty title="No cost centres yet">
              Tracking is optional. Add a cost centre when your lines should carry one.
            </IndexEmpty>
          ) : (
            <IndexEmpty title="Every cost centre matches">Nothing needs a fix here.</IndexEmpty>
          )
        }
      >
        <IndexTable label="Cost centres" columns={COLUMNS} rows={rows} />
      </IndexList>
      <AddCostCenter opened={dialog.opened} onClose={dialog.close} />
    </IndexPage>
  );
}

function MatchButton() {
  const match = useMatchCostCenters();
  const go = () =>
    match.mutate(undefined, {
      onSuccess: ({ items }) => {
        const renamed = items.filter((center) => center.renamed).length;
        const open = items.filter((center) => center.match !== 'matched').length;
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
