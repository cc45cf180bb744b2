import { Button, Progress, Stack } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { preferencesQuery } from '@/api/shared';
import type { ContactImport, ImportItem } from '@/api/types';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { HrefButton } from '@/ui/app-link';
import { Card } from '@/ui/card';
import { ProblemNote } from '@/ui/problem-note';
import { importItemsQuery } from './api';
import './import.css';

type Props = { run: ContactImport; onDecide: () => void };

/** What the import did: four counts, then the contacts that need a look, then the next step. */
export function ResultStep({ run, onDecide }: Props) {
  const client = useQueryClient();
  useEffect(() => {
    for (const key of ['contacts', 'invoices']) client.invalidateQueries({ queryKey: [key] });
    client.invalidateQueries({ queryKey: ['contact-imports', 'offer'] });
  }, [client]);
  return (
    <Stack gap="lg">
      <Figures run={run} />
      {run.failed > 0 && <NeedLook id={run.id} />}
      <Next run={run} onDecide={onDecide} />
    </Stack>
  );
}

function Figures({ run }: { run: ContactImport }) {
  const format = useFormat();
  const here = run.imported + run.linked;
  const total = here + run.failed;
  const figures = [
    ['New here', run.imported, undefined],
    ['Linked', run.linked, undefined],
    ['Need a look', run.failed, 'warn'],
    ['Undecided', run.undecided, undefined],
  ] as const;
  return (
    <section className="card" aria-label="Result">
      <div className="card-body">
        <p className="import-figure" role="status">
          <strong>
            {run.failed > 0 ? `${format.number(here)} of ${format.number(total)}` : format.number(here)}
          </strong>
          <span>
            {here === 1 ? 'contact is here.' : 'contacts are here.'}
            {run.failed > 0 && ` ${count(run.failed, 'needs a look', 'need a look')}.`}
          </span>
        </p>
        {total > 0 && (
          <Progress.Root size={8} aria-hidden>
            <Progress.Section value={(here / total) * 100} color="var(--bar-ok)" />
            <Progress.Section value={(run.failed / total) * 100} color="var(--bar-warn)" />
          </Progress.Root>
        )}
        <dl className="import-counts">
          {figures.map(([words, n, tone]) => (
            <div key={words} data-tone={n > 0 ? tone : undefined}>
              <dt>{words}</dt>
              <dd>{format.number(n)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

function NeedLook({ id }: { id: string }) {
  const items = useInfiniteQuery(importItemsQuery(id, { result: 'failed' }));
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card title="Need a look">
      {items.isError && <ProblemNote error={items.error} onRetry={() => items.refetch()} />}
      <div className="causes">
        {rows.map((item) => (
          <ProblemNote key={item.id} problem={problemOf(item)} />
        ))}
      </div>
      {items.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={items.isFetchingNextPage}
          onClick={() => items.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Card>
  );
}

/** The first problem of a contact under the contact's name. */
function problemOf({ xero_contact, contact, problems }: ImportItem) {
  const [first] = problems;
  return {
    title: contact?.name ?? xero_contact.name,
    detail: first ? first.detail || first.title : 'It wasn’t imported.',
    fix: first?.fix ?? null,
  };
}

function Next({ run, onDecide }: Props) {
  const { data: preferences } = useQuery(preferencesQuery);
  const codesMissing =
    preferences && !(preferences.value.default_income_code && preferences.value.default_expense_code);
  return (
    <div className="import-next">
      <p>
        <strong>{codesMissing ? 'Next: choose your default codes' : 'Next: export what is ready'}</strong>
        <span className="soft">
          {codesMissing
            ? 'Both are needed before you can export.'
            : 'Your invoices go to the contacts that are linked now.'}
        </span>
      </p>
      <div className="import-foot-actions">
        {run.undecided > 0 && (
          <Button variant="default" onClick={onDecide}>
            Decide about {run.undecided}
          </Button>
        )}
        <HrefButton href="/contacts" variant="default">
          Go to contacts
        </HrefButton>
        <HrefButton href={codesMissing ? '/settings/accounting#default-codes' : '/invoices'}>
          {codesMissing ? 'Choose codes' : 'See invoices'}
        </HrefButton>
      </div>
    </div>
  );
}
