import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The secret behind the # of a link that works once. It is taken out of the address bar and the history at once, so
 * that nobody finds it there later.
 */
export function useLinkSecret() {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const [secret, setSecret] = useState(hash);
  const navigate = useNavigate();
  useEffect(() => {
    if (hash === '') return;
    setSecret(hash);
    navigate({ to: '.', hash: '', replace: true });
  }, [hash, navigate]);
  return { secret, forget: () => setSecret('') };
}
