import { ActionIcon, Drawer, Indicator } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { count } from '@/lib/plural';
import { useOverlay } from '@/ui/use-overlay';
import { useIsPhone } from '@/ui/use-screen';
import { feedQuery } from './feed';
import { NotificationList } from './notification-list';

/** The bell: how many are unread, and the list behind it. The browser tab's title carries the number too. */
export function Bell() {
  const client = useQueryClient();
  const feed = useQuery(feedQuery(client));
  const drawer = useOverlay('notifications');
  const isPhone = useIsPhone();
  const unread = feed.data?.unread ?? 0;
  useUnreadInTitle(unread);
  return (
    <>
      <Indicator
        label={unread > 99 ? '99+' : unread}
        disabled={unread === 0}
        size={16}
        color="red.8"
        offset={5}
      >
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          onClick={drawer.open}
          aria-label={unread > 0 ? `Notifications, ${count(unread, 'unread', 'unread')}` : 'Notifications'}
        >
          <IconBell size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Indicator>
      <Drawer
        opened={drawer.opened}
        onClose={drawer.close}
        position="right"
        size={isPhone ? '100%' : 420}
        title="Notifications"
      >
        <NotificationList feed={feed} />
      </Drawer>
    </>
  );
}

function useUnreadInTitle(unread: number) {
  useEffect(() => {
    const show = () => {
      const plain = document.title.replace(/^\(\d+\) /, '');
      const wanted = unread > 0 ? `(${unread}) ${plain}` : plain;
      if (document.title !== wanted) document.title = wanted;
    };
    show();
    const title = document.querySelector('title');
    if (!title) return;
    const observer = new MutationObserver(show);
    observer.observe(title, { childList: true });
    return () => observer.disconnect();
  }, [unread]);
}
