import { ActionIcon, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';

function useSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  return {
    label: dark ? 'Switch to light' : 'Switch to dark',
    Shape: dark ? IconSun : IconMoon,
    flip: () => setColorScheme(dark ? 'light' : 'dark'),
  };
}

/** In the header, where the screen is wide enough. */
export function ColorSchemeButton() {
  const { label, Shape, flip } = useSwitch();
  return (
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={flip} visibleFrom="sm">
      <Shape size={19} stroke={1.7} aria-hidden />
    </ActionIcon>
  );
}

/** The same switch in the account menu, for phones. */
export function ColorSchemeItem() {
  const { label, Shape, flip } = useSwitch();
  return (
    <Menu.Item onClick={flip} hiddenFrom="sm" leftSection={<Shape size={16} aria-hidden />}>
      {label}
    </Menu.Item>
  );
}
