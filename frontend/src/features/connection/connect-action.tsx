import type { ButtonProps } from '@mantine/core';
import type { Connection } from '@/api/types';
import { useSession } from '@/api/use-session';
import { faceOf } from './states';
import { ConnectButton } from './xero-card';

/** The button that connects or reconnects; for others than administrators, who can. */
export function ConnectAction({ connection, ...rest }: { connection: Connection } & ButtonProps) {
  const { connect } = faceOf(connection);
  if (useSession().role !== 'admin') {
    return <span className="soft">An administrator of your business can connect Xero.</span>;
  }
  return connect ? (
    <ConnectButton label={connect} size="md" {...rest} />
  ) : (
    <span className="soft">Exports wait for Xero.</span>
  );
}
