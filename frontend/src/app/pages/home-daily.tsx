import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { overviewQuery } from '@/api/overview';
import type { SetupFacts } from '@/app/use-setup-facts';
import { ConnectAction } from '@/features/connection/connect-action';
import { XeroFacts } from '@/features/connection/xero-facts';
import { contactCountQuery, firstContactQuery } from '@/features/contacts/api';
import { LastExports } from '@/features/exports/last-exports';
import { showRunToast } from '@/features/exports/run-toast';
import { needsOf } from '@/features/home/needs';
import { NeedsCard } from '@/features/home/needs-card';
import { readyOf } from '@/features/invoices/ready';
import { ReadyCard } from '@/features/invoices/ready-card';
import { useFormat } from '@/lib/locale';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';

/** The first page of every day. */
export function HomeDaily({ facts, xero }: { facts: SetupFacts; xero: ReactNode }) {
  const format = useFormat();
  const { connection } = facts;
  const overview = useQuery(overviewQuery);
  const { checked_at } = connection;
  return (
    <Page
      title="Home"
      intro={format.wholeDay(format.today())}
      aside={
        <div className="home-stack">
          {!xero && <XeroFacts connection={connection} />}
          <LastExports />
        </div>
      }
    >
      <div className="home-stack">
        {xero}
        {overview.isError && <ProblemNote error={overview.error} onRetry={() => overview.refetch()} />}
        {overview.isPending && <Skeleton h={181} radius={12} />}
        {overview.data && (
          <ReadyCard
            groups={overview.data}
            checked={checked_at && format.ago(checked_at, overview.dataUpdatedAt)}
            instead={xero ? <ConnectAction connection={connection} variant="default" /> : null}
            onExportStarted={showRunToast}
          />
        )}
        <Needs />
      </div>
    </Page>
  );
}

function Needs() {
  const format = useFormat();
  const overview = useQuery(overviewQuery);
  const unsure = useQuery(contactCountQuery({ sync_state: 'unsure' }));
  const first = useQuery(firstContactQuery('unsure'));
  const failed = useQuery(contactCountQuery({ sync_state: 'failed' }));
  const broken = [unsure, first, failed].find(({ isError }) => isError);
  if (broken) return <ProblemNote error={broken.error} onRetry={() => broken.refetch()} />;
  if (!overview.data || [unsure, first, failed].some(({ isPending }) => isPending)) {
    return overview.isError ? null : <Skeleton h={292} radius={12} />;
  }
  const known = {
    groups: overview.data,
    unsure: { count: unsure.data ?? 10_000, first: first.data ?? null },
    failed: failed.data ?? 10_000,
  };
  const ready = readyOf(overview.data).reduce((sum, one) => sum + one.count, 0);
  return <NeedsCard needs={needsOf(known, format, overview.dataUpdatedAt)} ready={ready} />;
}
