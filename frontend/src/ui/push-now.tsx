import { Button, type ButtonProps } from '@mantine/core';
import { IconSend2 } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { isPushed, pushScheduleQuery, useStartPush } from '@/api/contact-pushes';
import { HrefLink } from './app-link';
import { toastDone, toastProblem } from './toast';

/** Sends new and changed contacts to Xero; busy while a push runs, also one of the schedule. */
export function PushNow(props: ButtonProps) {
  const client = useQueryClient();
  const last = useQuery(pushScheduleQuery).data?.last;
  const start = useStartPush();
  const running = last !== null && last !== undefined && !isPushed(last);
  const wasRunning = useRef(running);
  useEffect(() => {
    if (wasRunning.current && !running) client.invalidateQueries({ queryKey: ['contacts'] });
    wasRunning.current = running;
  }, [running, client]);
  const push = () =>
    start.mutate(undefined, {
      onSuccess: ({ id }) =>
        toastDone(
          'Your contacts are on their way to Xero',
          <HrefLink href={`/contacts/pushes/${id}`}>See the results</HrefLink>,
        ),
      onError: toastProblem,
    });
  return (
    <Button
      variant="default"
      leftSection={<IconSend2 size={16} aria-hidden />}
      {...props}
      loading={start.isPending || running}
      onClick={push}
    >
      Push now
    </Button>
  );
}
