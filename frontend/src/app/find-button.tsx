import { ActionIcon, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useOverlay } from '@/ui/use-overlay';
import { useIsPhone } from '@/ui/use-screen';
import './find-button.css';

const Finder = lazy(async () => ({ default: (await import('./finder')).Finder }));

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The way to every page and record: a field in the header, Ctrl K anywhere. */
export function FindButton() {
  const finder = useOverlay('find');
  useHotkeys([['mod+K', finder.open]], []);
  return (
    <>
      {useIsPhone() ? (
        <ActionIcon variant="subtle" color="gray" size={44} aria-label="Find anything" onClick={finder.open}>
          <IconSearch size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      ) : (
        <UnstyledButton className="find-button" onClick={finder.open}>
          <IconSearch size={16} stroke={1.8} aria-hidden />
          <span>Find anything</span>
          <kbd>{isMac ? '⌘ K' : 'Ctrl K'}</kbd>
        </UnstyledButton>
      )}
      <Suspense>{finder.opened && <Finder onClose={finder.close} />}</Suspense>
    </>
  );
}
