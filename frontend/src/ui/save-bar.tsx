import { Button, Text } from '@mantine/core';
import './save-bar.css';

type Props = { shown: boolean; saving: boolean; onDiscard: () => void; onSave?: () => void };

/** Appears with the first change; without `onSave` it submits the form it stands in. */
export function SaveBar({ shown, saving, onDiscard, onSave }: Props) {
  if (!shown) return null;
  return (
    <section className="save-bar" aria-label="Unsaved changes">
      <Text fz="sm" fw={550} role="status" mr="auto">
        Not saved yet
      </Text>
      <Button variant="default" onClick={onDiscard} disabled={saving}>
        Discard
      </Button>
      <Button type={onSave ? 'button' : 'submit'} onClick={onSave} loading={saving}>
        Save
      </Button>
    </section>
  );
}
