import { Button, type ButtonProps, Group, Paper, Text, Title } from '@mantine/core';
import type { Connection } from '@/api/types';
import { leaveTo } from '@/lib/leave';
import { useFormat } from '@/lib/locale';
import { toastProblem } from '@/ui/toast';
import { useBeginAuthorization } from './api';
import { DisconnectButton } from './disconnect-button';
import { canDisconnect, faceOf, needsReconnect } from './states';
import './xero-card.css';

type Props = {
  connection: Connection;
  now: number;
  mayConnect: boolean;
  /** Whether it can be ended here; the page of the connection is the only place. */
  mayDisconnect?: boolean;
};

export function XeroCard({ connection, now, mayConnect, mayDisconnect = false }: Props) {
  const face = faceOf(connection);
  const Shape = face.icon;
  return (
    <Paper className="xero-card" data-tone={face.tone} component="section" aria-labelledby="xero-card">
      <Group align="start" wrap="nowrap" gap="md">
        <Shape size={26} className="xero-card-icon" aria-hidden />
        <div>
          <Text fz="sm" fw={600} c="dimmed">
            Xero
          </Text>
          <Title order={2} fz={18} lh="24px" id="xero-card">
            {face.title}
          </Title>
          <Text fz="sm" mt={4}>
            {face.text}
          </Text>
          <Facts connection={connection} />
        </div>
      </Group>
      <Health connection={connection} now={now} />
      {mayConnect ? (
        <Group mt="md" gap="sm" className="xero-card-buttons">
          {face.connect && <ConnectButton label={face.connect} />}
          {mayDisconnect && canDisconnect(connection.state) && <DisconnectButton />}
        </Group>
      ) : (
        <Text fz="sm" c="dimmed" mt="md">
          An administrator of your business can change this.
        </Text>
      )}
    </Paper>
  );
}

/** Leads to the consent page of Xero. */
export function ConnectButton({ label, ...rest }: { label: string } & ButtonProps) {
  const begin = useBeginAuthorization();
  const go = () =>
    begin.mutate(undefined, { onSuccess: (answer) => leaveTo(answer.authorize_url), onError: toastProblem });
  return (
    <Button {...rest} onClick={go} loading={begin.isPending || begin.isSuccess}>
      {label}
    </Button>
  );
}

function Facts({ connection }: { connection: Connection }) {
  const format = useFormat();
  const { organisation_name, connected_by, connected_at } = connection;
  const facts = [
    (connection.state === 'connected' && !connection.problem) || !organisation_name
      ? null
      : organisation_name,
    connected_at && `Connected ${format.instant(connected_at)}${connected_by ? ` by ${connected_by}` : ''}`,
  ].filter(Boolean);
  if (facts.length === 0) return null;
  return (
    <Text fz="sm" c="dimmed" mt={6}>
      {facts.join(' · ')}
    </Text>
  );
}

function answerOf({ state, problem }: Connection) {
  if (state === 'removed') return 'removed Jobtally';
  if (state === 'needs_reconnect') return 'signed us out';
  if (state === 'unreachable') return 'doesn’t answer';
  return problem ? 'refuses our calls' : 'answers';
}

/** What works and what does not, in a word each. */
function Health({ connection, now }: { connection: Connection; now: number }) {
  const format = useFormat();
  const { state, checked_at, last_sync, calls_today, calls_per_day } = connection;
  if (state === 'not_connected' || state === 'connecting') return null;
  const lost = needsReconnect(state);
  const checked = checked_at ? `checked ${format.ago(checked_at, now)}` : 'not checked yet';
  const push = last_sync.find(({ kind }) => kind === 'contact_push');
  const facts = [
    ['Xero', answerOf(connection), checked],
    ['Sign-in', lost ? 'ended' : 'kept alive', lost ? 'reconnect to renew it' : 'renewed by itself'],
    [
      'Contact push',
      push?.next_at ? `next at ${format.time(push.next_at)}` : 'none planned',
      push?.at ? `last ${format.ago(push.at, now)}` : 'not yet',
    ],
    ...(calls_today === null || calls_per_day === null
      ? []
      : [['Calls today', format.number(calls_today), `of ${format.number(calls_per_day)} that Xero takes`]]),
  ];
  return (
    <dl className="xero-health">
      {facts.map(([name, value, detail]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          <dd className="soft">{detail}</dd>
        </div>
      ))}
    </dl>
  );
}
