import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker, useRouter } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useBackCloses } from './use-overlay';

/** Asks before a page with unsaved changes is left, inside the app or out of it. */
export function LeaveGuard({ active }: { active: boolean }) {
  const router = useRouter();
  const [asked, setAsked] = useState<{ leave: () => void } | null>(null);
  const leaving = useRef(false);
  useBlocker({
    shouldBlockFn: ({ current, next, action }) => {
      if (!active || leaving.current || current.pathname === next.pathname) return false;
      const leave = () => {
        leaving.current = true;
        // The entry of the dialog goes with this page, or gives way to the next one.
        if (action === 'BACK') router.history.go(-2);
        else router.navigate({ to: next.pathname, search: next.search, replace: true });
      };
      const ask = () => setAsked({ leave });
      // The dialog has an entry of its own, which may come only after the refused one is gone: the router forgets it in
      // a moment, and the browser, which has gone already after a Back, comes back by itself.
      if (action === 'PUSH' || action === 'REPLACE') setTimeout(ask);
      else window.addEventListener('popstate', ask, { once: true });
      return true;
    },
    enableBeforeUnload: active,
  });
  const stay = () => setAsked(null);
  useBackCloses('leave', asked !== null, stay);
  return (
    <Modal opened={asked !== null} onClose={stay} title="Leave without saving?" centered>
      <Text fz="sm">What you changed on this page is not saved yet.</Text>
      <Group justify="end" mt="lg" gap="sm">
        <Button variant="default" onClick={asked?.leave}>
          Leave
        </Button>
        <Button data-autofocus onClick={stay}>
          Stay here
        </Button>
      </Group>
    </Modal>
  );
}
