import { ActionIcon, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { Problem } from '@/api/problem';
import { toastProblem } from '@/ui/toast';
import { useOverlay } from '@/ui/use-overlay';
import { useIsPhone } from '@/ui/use-screen';
import './find-button.css';

const load = () => import('./finder');
const Finder = lazy(async () => ({ default: (await load()).Finder }));

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The way to every page and record: a field in the header, Ctrl K anywhere. */
export function FindButton() {
  const finder = useOverlay('find');
  // Its code comes with the first use; without a connection that says so, and the page stays.
  const open = () => load().then(finder.open, () => toastProblem(Problem.unreachable()));
  useHotkeys([['mod+K', open]], []);
  return (
    <>
      {useIsPhone() ? (
        <ActionIcon variant="subtle" color="gray" size={44} aria-label="Find anything" onClick={open}>
          <IconSearch size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      ) : (
        <UnstyledButton className="find-button" onClick={open}>
          <IconSearch size={16} stroke={1.8} aria-hidden />
          <span>Find anything</span>
          <kbd>{isMac ? '⌘ K' : 'Ctrl K'}</kbd>
        </UnstyledButton>
      )}
      <Suspense>{finder.opened && <Finder onClose={finder.close} />}</Suspense>
    </>
  );
}
