import { ActionIcon, Avatar, Menu, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Session } from '@/api/types';
import { useAccountActions } from './account-actions';
import { useColorSchemeSwitch } from './color-scheme';
import { ACCOUNT } from './nav';

export function AccountMenu({ session }: { session: Session }) {
  const { others, leave, enter } = useAccountActions(session);
  const scheme = useColorSchemeSwitch();
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon
          variant="transparent"
          size={36}
          radius="xl"
          aria-label={`Account of ${session.user.name}`}
        >
          <Avatar size={32} radius="xl" className="account-initials" aria-hidden>
            {initialsOf(session.user.name)}
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fz="sm" fw={600} c="var(--ink)">
            {session.user.name}
          </Text>
          <Text fz="xs">{session.user.email}</Text>
        </Menu.Label>
        {others.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Label>Switch business</Menu.Label>
            {others.map((one) => (
              <Menu.Item key={one.id} onClick={() => enter(one.id)}>
                {one.name}
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Divider />
        <Menu.Item component={Link} to={ACCOUNT.to} leftSection={<ACCOUNT.icon size={16} aria-hidden />}>
          {ACCOUNT.label}
        </Menu.Item>
        <Menu.Item onClick={scheme.flip} leftSection={<scheme.icon size={16} aria-hidden />}>
          {scheme.label}
        </Menu.Item>
        <Menu.Item onClick={leave}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word[0]?.toUpperCase())
    .slice(0, 2)
    .join('');
