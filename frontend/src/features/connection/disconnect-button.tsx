import { Button, Group, List, Modal, Text } from '@mantine/core';
import { ProblemNote } from '@/ui/problem-note';
import { toastDone } from '@/ui/toast';
import { useOverlay } from '@/ui/use-overlay';
import { useDisconnect } from './api';

/** Ends the connection, never on one click: a dialog says what stops and what is kept. */
export function DisconnectButton() {
  const dialog = useOverlay('disconnect');
  const disconnect = useDisconnect();
  const go = () =>
    disconnect.mutate(undefined, {
      onSuccess: () => {
        dialog.close();
        toastDone('Disconnected from Xero', 'Your settings and the list of your exports are kept.');
      },
    });
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Disconnect
      </Button>
      <Modal opened={dialog.opened} onClose={dialog.close} title="Disconnect from Xero?" centered>
        <List fz="sm" spacing={6}>
          <List.Item>Exports stop until you connect again.</List.Item>
          <List.Item>Your settings, codes and the list of your exports stay here.</List.Item>
          <List.Item>Invoices already in Xero are not changed.</List.Item>
        </List>
        {disconnect.isError && <ProblemNote error={disconnect.error} />}
        <Text fz="sm" c="dimmed" mt="md">
          You can connect again at any time.
        </Text>
        <Group mt="lg" justify="end" gap="sm">
          <Button variant="default" data-autofocus onClick={dialog.close}>
            Keep connected
          </Button>
          <Button color="red.8" onClick={go} loading={disconnect.isPending}>
            Disconnect
          </Button>
        </Group>
      </Modal>
    </>
  );
}
