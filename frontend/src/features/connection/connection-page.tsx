import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { connectionQuery } from '@/api/shared';
import { useSession } from '@/api/use-session';
import { Note } from '@/ui/note';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';
import { wordsFor } from './callback-problem';
import { ChooseOrganisation } from './choose-organisation';
import { WhatGoesWhere } from './what-goes-where';
import { XeroCard } from './xero-card';

/** Settings ▸ Connections: the state of the connection, what to do next, and what travels over it. */
export function ConnectionPage({ problem, offer }: { problem?: string; offer: ReactNode }) {
  const connection = useQuery(connectionQuery);
  const mayConnect = useSession().role === 'admin';
  const words = problem ? wordsFor(problem) : null;
  return (
    <Page title="Connections" intro="The accounting system that your invoices are exported to.">
      <Stack gap="lg">
        {words && (
          <Note tone="warn" role="alert" title={words.title}>
            {words.text}
          </Note>
        )}
        {connection.isPending && <Skeleton h={132} radius="md" />}
        {connection.isError && (
          <ProblemNote
            error={connection.error}
            title="We couldn’t check the connection"
            onRetry={() => connection.refetch()}
          />
        )}
        {connection.data && (
          <XeroCard
            connection={connection.data}
            now={connection.dataUpdatedAt}
            mayConnect={mayConnect}
            mayDisconnect
          />
        )}
        {offer}
        {connection.data?.organisation_choice_due && mayConnect && (
          <ChooseOrganisation connection={connection.data} />
        )}
        {connection.data && <WhatGoesWhere connection={connection.data} now={connection.dataUpdatedAt} />}
      </Stack>
    </Page>
  );
}
