import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Notification } from '@/api/types';
import { feedQuery } from './feed';

/** Calls back once for each notification that arrives while the app is open; what was there before is not news. */
export function useArrivals(onArrival: (notification: Notification) => void) {
  const { data } = useQuery(feedQuery(useQueryClient()));
  const lastSeen = useRef<string | null | undefined>(undefined);
  const callback = useRef(onArrival);
  useEffect(() => {
    callback.current = onArrival;
  });
  useEffect(() => {
    if (!data) return;
    const newest = data.items.at(-1)?.id ?? null;
    if (lastSeen.current !== undefined && lastSeen.current !== newest) {
      const from = data.items.findIndex((one) => one.id === lastSeen.current);
      for (const one of data.items.slice(from + 1)) callback.current(one);
    }
    lastSeen.current = newest;
  }, [data]);
}
