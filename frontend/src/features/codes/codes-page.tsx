import { Button, Group, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { codesQuery, taxRatesQuery } from '@/api/ledger';
import { connectionQuery } from '@/api/shared';
import type { CodeKind } from '@/api/types';
import { IndexEmpty, IndexPage, IndexSkeleton } from '@/ui/index-page';
import { ProblemNote } from '@/ui/problem-note';
import { RefreshFromXero } from '@/ui/refresh-from-xero';
import { StateMark } from '@/ui/state-mark';
import { AddCode } from './add-code';
import { LEDGER_FACES } from './words';
import './codes-page.css';

const TABS: readonly { kind: CodeKind; label: string }[] = [
  { kind: 'income', label: 'Income (invoice items)' },
  { kind: 'expense', label: 'Direct costs (order items)' },
];

type Props = { kind: CodeKind; onKind: (kind: CodeKind) => void };

/** Settings ▸ Accounting codes: invoice item codes and order item codes; a code is one or the other. */
export function CodesPage({ kind, onKind }: Props) {
  const codes = useQuery(codesQuery(kind));
  const rates = new Map(useQuery(taxRatesQuery).data?.map((rate) => [rate.tax_type, rate.name]));
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const [adding, dialog] = useDisclosure();
  return (
    <IndexPage
      title="Accounting codes"
      intro="Accounts of your chart in Xero that lines can name."
      actions={
        <Group gap="xs">
          {connected && <RefreshFromXero />}
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add code
          </Button>
        </Group>
      }
    >
      <Tabs value={kind} onChange={(next) => next && onKind(next as CodeKind)} className="index-tabs" mb="md">
        <Tabs.List aria-label="Kinds of code">
          {TABS.map((tab) => (
            <Tabs.Tab key={tab.kind} value={tab.kind}>
              {tab.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className="index-scroll">
        {codes.isPending && <IndexSkeleton />}
        {codes.isError && <ProblemNote error={codes.error} onRetry={() => codes.refetch()} />}
        {codes.data?.length === 0 && (
          <IndexEmpty title="No codes yet">
            Connect to Xero to bring in your chart of accounts, or add a code by hand.
          </IndexEmpty>
        )}
        {codes.data && codes.data.length > 0 && (
          <table className="index codes">
            <thead>
              <tr>
                <th data-cell="sub">Code</th>
                <th data-cell="title">Name</th>
                <th data-cell="note">Tax</th>
                <th data-cell="state">Xero</th>
              </tr>
            </thead>
            <tbody>
              {codes.data.map((code) => (
                <tr key={code.id}>
                  <td data-cell="sub" className="tnum">
                    {code.code}
                  </td>
                  <td data-cell="title">{code.name}</td>
                  <td data-cell="note" className="soft">
                    {rates.get(code.tax_type ?? '') ?? code.tax_type}
                  </td>
                  <td data-cell="state">
                    <StateMark {...LEDGER_FACES[code.ledger_state]} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <AddCode key={kind} kind={kind} opened={adding} onClose={dialog.close} />
    </IndexPage>
  );
}
