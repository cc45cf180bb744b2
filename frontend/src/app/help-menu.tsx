import { ActionIcon, Menu } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useOverlay } from '@/ui/use-overlay';

export function HelpMenu() {
  const keys = useOverlay('keys');
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label="Help">
          <IconHelpCircle size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/help">
          Questions and answers
        </Menu.Item>
        <Menu.Item onClick={keys.open}>Keys</Menu.Item>
        <Menu.Item component="a" href="/api/docs" target="_blank" rel="noopener">
          API documentation
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
