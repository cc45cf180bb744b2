import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';

const MEANS = 'The Xero here is a stand-in. Nothing reaches a real organisation.';

/** Says on every page that the Xero behind this Jobtally is the local stand-in. */
export function Practice() {
  return (
    <Tooltip label={MEANS} events={{ hover: true, focus: true, touch: true }} multiline maw={260}>
      <UnstyledButton className="practice" aria-label={`Practice. ${MEANS}`}>
        <IconFlask size={15} stroke={1.8} aria-hidden />
        Practice
      </UnstyledButton>
    </Tooltip>
  );
}
