import { Button, Text } from '@mantine/core';
import { InZone } from './zone';

type Props = { shown: boolean; saving: boolean; form: string; onDiscard: () => void };

/** Appears with the first change, and submits the form of this id. */
export function SaveBar({ shown, saving, form, onDiscard }: Props) {
  if (!shown) return null;
  return (
    <InZone>
      <section className="bar" aria-label="Unsaved changes">
        <Text fw={550} role="status" mr="auto">
          Not saved yet
        </Text>
        <Button variant="default" onClick={onDiscard} disabled={saving}>
          Discard
        </Button>
        <Button type="submit" form={form} loading={saving}>
          Save
        </Button>
      </section>
    </InZone>
  );
}
