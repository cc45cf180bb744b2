import { Text } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useSession } from '@/api/use-session';

/** Says so on every page when the Xero behind this Jobtally is the local stand-in. */
export function StandInLine() {
  if (!useSession().xero_stand_in) return null;
  return (
    <div className="stand-in-line" role="note">
      <IconFlask size={16} aria-hidden />
      <Text fz="xs">
        <strong>Practice mode.</strong> The Xero here is a stand-in; nothing reaches a real organisation.
      </Text>
    </div>
  );
}
