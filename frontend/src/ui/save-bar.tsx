import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { InZone } from './zone';

type Props = {
  shown: boolean;
  saving: boolean;
  form: string;
  /** What saving leads to, instead of that it has to be done. */
  words?: ReactNode;
  onDiscard: () => void;
};

/** Appears with the first change, and submits the form of this id. */
export function SaveBar({ shown, saving, form, words = 'Not saved yet', onDiscard }: Props) {
  if (!shown) return null;
  return (
    <InZone>
      <section className="bar" aria-label="Unsaved changes">
        <Text fw={550} role="status" mr="auto">
          {words}
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
