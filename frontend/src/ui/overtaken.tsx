import { Button, Group } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Note } from './note';
import { toastUndo } from './toast';
import { closeToast } from './toast-store';

/** Somebody saved this page after it was opened here; neither change is lost without a choice. */
export function Overtaken({ onTheirs, onMine }: { onTheirs: () => void; onMine: () => void }) {
  return (
    <Note tone="warn" role="alert" title="Somebody else changed this page meanwhile" mb="md">
      Your changes are not saved yet.
      <Group gap="xs" mt="xs">
        <Button size="xs" onClick={onMine}>
          Keep mine
        </Button>
        <Button size="xs" variant="default" onClick={onTheirs}>
          Discard mine, show theirs
        </Button>
      </Group>
    </Note>
  );
}

/** Says that the other version is shown now, with the way back to your own as long as the page is open. */
export function useToastTheirs() {
  const shown = useRef<string | null>(null);
  useEffect(() => () => void (shown.current && closeToast(shown.current)), []);
  return (bringMineBack: () => void) => {
    shown.current = toastUndo('Your changes are discarded', bringMineBack, 'The other version is shown.');
  };
}
