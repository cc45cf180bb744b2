import { Button, Group } from '@mantine/core';
import { Note } from './note';

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
          See their changes
        </Button>
      </Group>
    </Note>
  );
}
