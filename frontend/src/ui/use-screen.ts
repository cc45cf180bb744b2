import { useMediaQuery } from '@mantine/hooks';

const now = { getInitialValueInEffect: false };

/** Whether the screen is narrower than 768 px: tab bar in place of the navigation, lists as cards, panels as pages. */
export const useIsPhone = () => !useMediaQuery('(min-width: 48em)', true, now);

/** Whether a panel has room beside its list. */
export const useFitsPanel = () => useMediaQuery('(min-width: 75em)', true, now);
