import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';

/** The switch between light and dark, as a menu words it. */
export function useColorSchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  return {
    label: dark ? 'Switch to light' : 'Switch to dark',
    icon: dark ? IconSun : IconMoon,
    flip: () => setColorScheme(dark ? 'light' : 'dark'),
  };
}
