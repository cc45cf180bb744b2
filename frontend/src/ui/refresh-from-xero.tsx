import { Button, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useLedgerRefresh } from '@/api/ledger';
import { Problem } from '@/api/problem';

/** Pulls codes, tracking categories and tax rates from Xero, and says how that went. */
export function RefreshFromXero() {
  const refresh = useLedgerRefresh();
  const wrong = refresh.error
    ? Problem.from(refresh.error).title
    : refresh.failed && (refresh.problem?.title ?? 'Xero couldn’t be read');
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconRefresh size={15} aria-hidden />}
        loading={refresh.running}
        onClick={() => refresh.begin()}
      >
        Refresh from Xero
      </Button>
      {wrong && (
        <Text fz="sm" c="var(--ink-bad)" role="alert">
          {wrong}
        </Text>
      )}
    </>
  );
}
