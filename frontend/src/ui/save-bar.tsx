import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { InZone } from './zone';

type Props = {
  shown: boolean;
  /** Whether there is something to save; else there may be something to approve. */
  changed?: boolean;
  saving: boolean;
  form: string;
  /** What saving leads to, instead of that it has to be done. */
  words?: ReactNode;
  onDiscard: () => void;
  /** Approves it as well. */
  onApprove?: (() => void) | undefined;
};

/** Appears with the first change, and submits the form of this id. */
export function SaveBar({
  shown,
  changed = true,
  saving,
  form,
  words = 'Not saved yet',
  onDiscard,
  onApprove,
}: Props) {
  if (!shown) return null;
  return (
    <InZone>
      <section className="bar save-bar" aria-label={changed ? 'Unsaved changes' : 'Draft'}>
        <Text fw={550} role="status" mr="auto">
          {words}
        </Text>
        {changed && (
          <>
            <Button variant="default" onClick={onDiscard} disabled={saving}>
              Discard
            </Button>
            <Button
              type="submit"
              form={form}
              variant={onApprove ? 'default' : 'filled'}
              loading={saving && !onApprove}
              disabled={saving && Boolean(onApprove)}
            >
              Save
            </Button>
          </>
        )}
        {onApprove && (
          <Button loading={saving} onClick={onApprove}>
            {changed ? 'Save and approve' : 'Approve'}
          </Button>
        )}
      </section>
    </InZone>
  );
}
