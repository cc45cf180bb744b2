import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from './shared';
import type { Session } from './types';

/** The session of a page that only a signed-in user can see. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('This page needs somebody signed in');
  return data;
}
