import { Skeleton } from '@mantine/core';
import { useSession } from '@/api/use-session';
import { useSetupFacts } from '@/app/use-setup-facts';
import { holdsExports } from '@/features/connection/states';
import { XeroCard } from '@/features/connection/xero-card';
import { useFormat } from '@/lib/locale';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';
import '@/features/home/home.css';
import { HomeDaily } from './home-daily';
import { HomeSetup } from './home-setup';

/** Set-up until its five facts hold; from then on what can go and what needs a person. */
export function Home() {
  const { facts, failed } = useSetupFacts();
  const mayConnect = useSession().role === 'admin';
  if (failed) {
    return (
      <Page title="Home">
        <ProblemNote error={failed.error} onRetry={() => failed.refetch()} />
      </Page>
    );
  }
  if (!facts) return <Loading />;
  const xero = holdsExports(facts.connection) && facts.holds.connected && (
    <XeroCard connection={facts.connection} now={facts.readAt} mayConnect={mayConnect} />
  );
  return facts.isSetUp ? <HomeDaily facts={facts} xero={xero} /> : <HomeSetup facts={facts} xero={xero} />;
}

/** As high as what comes. */
function Loading() {
  const format = useFormat();
  return (
    <Page
      title="Home"
      intro={format.wholeDay(format.today())}
      aside={
        <div className="home-stack">
          <Skeleton h={206} radius={12} />
          <Skeleton h={290} radius={12} />
        </div>
      }
    >
      <div className="home-stack" role="status" aria-label="Loading">
        <Skeleton h={181} radius={12} />
        <Skeleton h={292} radius={12} />
      </div>
    </Page>
  );
}
