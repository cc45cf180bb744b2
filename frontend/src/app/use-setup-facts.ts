import { useQuery } from '@tanstack/react-query';
import { costCentersQuery } from '@/api/ledger';
import { connectionQuery, preferencesQuery } from '@/api/shared';
import type { Connection, InvoiceCounts } from '@/api/types';
import { offerQuery } from '@/features/contact-imports/api';
import { countsQuery } from '@/features/invoices/api';

/** The facts that set-up goes by. Nothing is remembered of who has seen what. */
export function useSetupFacts() {
  const connection = useQuery(connectionQuery);
  const preferences = useQuery(preferencesQuery);
  const counts = useQuery(countsQuery);
  const isConnected = connection.data !== undefined && hasOrganisation(connection.data);
  const category = preferences.data?.value.tracking_category_id ?? null;
  // The API offers it only over a live connection.
  const isLive = connection.data?.state === 'connected';
  const offer = useQuery({ ...offerQuery, enabled: isLive });
  const centers = useQuery({ ...costCentersQuery, enabled: category !== null });
  const needed = [connection, preferences, counts];
  const failed = [...needed, offer, centers].find(({ isError }) => isError);
  const isPending =
    needed.some((query) => query.isPending) ||
    (isLive && offer.isPending) ||
    (category !== null && centers.isPending);
  if (failed) return { failed } as const;
  if (isPending || !connection.data || !preferences.data || !counts.data) return { isPending: true } as const;
  const { value } = preferences.data;
  const exported = exportedOf(counts.data);
  const matched = centers.data?.filter(({ match }) => match === 'matched').length ?? 0;
  const total = centers.data?.length ?? 0;
  const holds = {
    // Who has exported was connected: a connection that is lost is no return to the first day.
    connected: isConnected || exported > 0,
    codes: value.default_income_code !== null && value.default_expense_code !== null,
    contacts: isLive ? offer.data?.state !== 'open' : exported > 0,
    tracking: value.skip_tracking_setup || (category !== null && (total === 0 || matched > 0)),
    exported: exported > 0,
  };
  return {
    facts: {
      connection: connection.data,
      readAt: connection.dataUpdatedAt,
      preferences: preferences.data,
      offer: offer.data?.state ?? 'open',
      costCenters: { matched, total },
      exported,
      ready: counts.data.customer.ready + counts.data.supplier.ready,
      holds,
      isSetUp: Object.values(holds).every(Boolean),
    },
  } as const;
}

export type SetupFacts = NonNullable<ReturnType<typeof useSetupFacts>['facts']>;

const hasOrganisation = ({ state, organisation_name }: Connection) =>
  organisation_name !== null && state !== 'not_connected' && state !== 'connecting';

const exportedOf = ({ customer, supplier }: InvoiceCounts) => customer.exported + supplier.exported;
