import { Button, Group, Paper, Text, Title } from '@mantine/core';
import type { Connection } from '@/api/types';
import { leaveTo } from '@/lib/leave';
import { useFormat } from '@/lib/locale';
import { toastProblem } from '@/ui/toast';
import { useBeginAuthorization } from './api';
import { DisconnectButton } from './disconnect-button';
import { canDisconnect, faceOf } from './states';
import './xero-card.css';

export function XeroCard({ connection, mayConnect }: { connection: Connection; mayConnect: boolean }) {
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
      {mayConnect ? (
        <Group mt="md" gap="sm" className="xero-card-buttons">
          {face.connect && <ConnectButton label={face.connect} />}
          {canDisconnect(connection.state) && <DisconnectButton />}
        </Group>
      ) : (
        <Text fz="sm" c="dimmed" mt="md">
          An administrator of your business can change this.
        </Text>
      )}
    </Paper>
  );
}

function ConnectButton({ label }: { label: string }) {
  const begin = useBeginAuthorization();
  const go = () =>
    begin.mutate(undefined, { onSuccess: (answer) => leaveTo(answer.authorize_url), onError: toastProblem });
  return (
    <Button onClick={go} loading={begin.isPending || begin.isSuccess}>
      {label}
    </Button>
  );
}

function Facts({ connection }: { connection: Connection }) {
  const format = useFormat();
  const { organisation_name, connected_by, connected_at, checked_at } = connection;
  const facts = [
    (connection.state === 'connected' && !connection.problem) || !organisation_name
      ? null
      : organisation_name,
    connected_at && `Connected ${format.instant(connected_at)}${connected_by ? ` by ${connected_by}` : ''}`,
    checked_at && `Checked ${format.instant(checked_at)}`,
  ].filter(Boolean);
  if (facts.length === 0) return null;
  return (
    <Text fz="sm" c="dimmed" mt={6}>
      {facts.join(' · ')}
    </Text>
  );
}
