import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useFormat } from '@/lib/locale';
import { Card } from '@/ui/card';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexTable } from '@/ui/index/index-table';
import { toastDone, toastProblem } from '@/ui/toast';
import { type OwnSession, sessionsQuery, useEndSession } from './api';
import './sessions-card.css';

/** Where the user is signed in; any of it can be ended, for a lost phone or a borrowed computer. */
export function SessionsCard({ onLeave }: { onLeave: () => void }) {
  const sessions = useInfiniteQuery(sessionsQuery);
  const rows = sessions.data?.pages.flatMap((page) => page.items) ?? [];
  const columns = useColumns(onLeave);
  return (
    <Card title="Where you are signed in" intro="Sign out what you don’t know or don’t use any more.">
      <div className="own-sessions">
        <IndexList
          label="Session list"
          query={sessions}
          isEmpty={rows.length === 0}
          empty={<IndexEmpty title="Nowhere else" />}
        >
          <IndexTable label="Where you are signed in" columns={columns} rows={rows} />
        </IndexList>
      </div>
    </Card>
  );
}

function useColumns(onLeave: () => void): readonly Column<OwnSession>[] {
  return useMemo(
    () => [
      {
        id: 'browser',
        head: 'Browser',
        phone: 'title',
        cell: (session) => (
          <>
            {session.browser}
            {session.current && <span className="soft"> · this one</span>}
          </>
        ),
      },
      {
        id: 'address',
        head: 'Network address',
        width: '22%',
        only: 'wide',
        phone: 'none',
        cell: ({ address }) => <span className="soft">{address}</span>,
      },
      {
        id: 'created_at',
        head: 'Signed in',
        width: '20%',
        only: 'wide',
        phone: 'none',
        cell: ({ created_at }, format) => <span className="soft">{format.instant(created_at)}</span>,
      },
      {
        id: 'last_seen_at',
        head: 'Last used',
        width: '20%',
        narrow: '34%',
        phone: 'text',
        cell: ({ last_seen_at }, format) => <span className="soft">{format.instant(last_seen_at)}</span>,
      },
      {
        id: 'end',
        head: 'Sign out',
        width: '120px',
        phone: 'value',
        cell: (session) => <EndButton session={session} onLeave={onLeave} />,
      },
    ],
    [onLeave],
  );
}

function EndButton({ session, onLeave }: { session: OwnSession; onLeave: () => void }) {
  const end = useEndSession();
  const format = useFormat();
  const name = session.current ? 'this browser' : session.browser;
  const go = () =>
    end.mutate(session.id, {
      onSuccess: () => toastDone(`${session.browser} is signed out`),
      onError: toastProblem,
    });
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={end.isPending}
      aria-label={`Sign out ${name}, last used ${format.instant(session.last_seen_at)}`}
      onClick={session.current ? onLeave : go}
    >
      Sign out
    </Button>
  );
}
