import { Button, Group, List, Modal, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { Organisation } from '@/api/types';
import { useSession } from '@/api/use-session';
import { leaveTo } from '@/lib/leave';
import { ProblemNote } from '@/ui/problem-note';
import { toastProblem } from '@/ui/toast';
import { useBeginAuthorization } from './api';
import './switch-dialog.css';

type Props = {
  opened: boolean;
  onClose: () => void;
  /** The organisation that the invoices went to. */
  from: string;
  to: Organisation;
  onSwitch: (typed: string) => void;
  switching: boolean;
  error: unknown;
};

const alike = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Another organisation than the one that holds the invoices was chosen: named, and confirmed by its typed name. */
export function SwitchDialog({ opened, onClose, from, to, onSwitch, switching, error }: Props) {
  const [typed, setTyped] = useState('');
  const begin = useBeginAuthorization();
  const name = to.organisation_name;
  const reconnect = () =>
    begin.mutate(undefined, { onSuccess: (answer) => leaveTo(answer.authorize_url), onError: toastProblem });
  return (
    <Modal opened={opened} onClose={onClose} title="You chose a different organisation" centered size={560}>
      <dl className="switch-sides">
        <div>
          <dt>Your invoices went to</dt>
          <dd>{from}</dd>
        </div>
        <IconArrowRight size={18} aria-hidden />
        <div data-chosen>
          <dt>You chose in Xero</dt>
          <dd>{name}</dd>
        </div>
      </dl>
      <Consequences from={from} to={to} />
      {error !== null && <ProblemNote error={error} />}
      <TextInput
        mt="md"
        label={
          <>
            To switch for good, type <strong>{name}</strong>
          </>
        }
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Group mt="lg" justify="space-between" gap="sm">
        <Button
          color="red.8"
          disabled={!alike(typed, name)}
          loading={switching}
          onClick={() => onSwitch(typed)}
        >
          Switch for good
        </Button>
        <Button data-autofocus loading={begin.isPending || begin.isSuccess} onClick={reconnect}>
          Reconnect to {from}
        </Button>
      </Group>
    </Modal>
  );
}

function Consequences({ from, to }: { from: string; to: Organisation }) {
  const { currency } = useSession().business;
  return (
    <List
      fz="sm"
      spacing={6}
      icon={<IconAlertTriangle size={16} className="switch-consequence" aria-hidden />}
    >
      <List.Item>What you sent stays in {from}. Jobtally stops following it.</List.Item>
      <List.Item>Codes, cost centres and contacts have to be matched again.</List.Item>
      {to.currency && to.currency !== currency && (
        <List.Item>
          Your business is set to {currency}. The books of {to.organisation_name} are in {to.currency}.
        </List.Item>
      )}
    </List>
  );
}
