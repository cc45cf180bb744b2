import { useFitsPanel, useIsPhone } from '@/ui/use-screen';

/** Where a list's panel stands: beside it, over it, or on a phone in its place. */
export function usePanelPlace(): 'beside' | 'over' | 'page' {
  const fits = useFitsPanel();
  const isPhone = useIsPhone();
  if (fits) return 'beside';
  return isPhone ? 'page' : 'over';
}
