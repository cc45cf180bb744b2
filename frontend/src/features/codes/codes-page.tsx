import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { codesQuery, taxRatesQuery } from '@/api/ledger';
import { connectionQuery } from '@/api/shared';
import type { AccountingCode, CodeKind } from '@/api/types';
import type { Column } from '@/ui/index/columns';
import { IndexEmpty, IndexList } from '@/ui/index/index-list';
import { IndexPage } from '@/ui/index/index-page';
import { IndexTable } from '@/ui/index/index-table';
import { TabRow } from '@/ui/index/tab-row';
import { RefreshFromXero } from '@/ui/refresh-from-xero';
import { StateMark } from '@/ui/state-mark';
import { useOverlay } from '@/ui/use-overlay';
import { AddCode } from './add-code';

const TABS: readonly { value: CodeKind; label: string }[] = [
  { value: 'income', label: 'Income (invoice items)' },
  { value: 'expense', label: 'Direct costs (order items)' },
];

const columnsOf = (rates: ReadonlyMap<string, string>): readonly Column<AccountingCode>[] => [
  { id: 'code', head: 'Code', width: '140px', phone: 'number', cell: ({ code }) => code },
  { id: 'name', head: 'Name', phone: 'title', cell: ({ name }) => name },
  {
    id: 'tax',
    head: 'Tax',
    width: '32%',
    only: 'wide',
    phone: 'text',
    cell: ({ tax_type }) => tax_type && <span className="soft">{rates.get(tax_type) ?? tax_type}</span>,
  },
  {
    id: 'state',
    head: 'Xero',
    width: '200px',
    phone: 'value',
    cell: ({ ledger_state }) => <StateMark of="code" state={ledger_state} />,
  },
];

type Props = { kind: CodeKind; onKind: (kind: CodeKind) => void };

/** Settings ▸ Accounting codes: invoice item codes and order item codes; a code is one or the other. */
export function CodesPage({ kind, onKind }: Props) {
  const codes = useQuery(codesQuery(kind));
  const { data: rates } = useQuery(taxRatesQuery);
  const connected = useQuery(connectionQuery).data?.state === 'connected';
  const dialog = useOverlay('add');
  const columns = useMemo(
    () => columnsOf(new Map(rates?.map((rate) => [rate.tax_type, rate.name]))),
    [rates],
  );
  const rows = codes.data ?? [];
  return (
    <IndexPage
      title="Accounting codes"
      actions={
        <>
          {connected && <RefreshFromXero />}
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add code
          </Button>
        </>
      }
    >
      <TabRow label="Kinds of code" tabs={TABS} value={kind} onChange={onKind} />
      <IndexList
        label="Code list"
        query={codes}
        isEmpty={rows.length === 0}
        empty={
          <IndexEmpty title="No codes yet">
            Connect to Xero to bring in your chart of accounts, or add a code by hand.
          </IndexEmpty>
        }
      >
        <IndexTable label="Accounting codes" columns={columns} rows={rows} />
      </IndexList>
      <AddCode key={kind} kind={kind} opened={dialog.opened} onClose={dialog.close} />
    </IndexPage>
  );
}
