import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Notification } from '@/api/types';
import { dayIn } from '@/lib/dates';
import { useFormat } from '@/lib/locale';
import { ProblemNote } from '@/ui/problem-note';
import { type Feed, unreadOf, useMarkRead } from './feed';
import { faceOf } from './kinds';
import './notification-list.css';

type Props = { feed: UseQueryResult<Feed, unknown> };

export function NotificationList({ feed }: Props) {
  const { timeZone } = useFormat();
  const markRead = useMarkRead();
  if (feed.isPending) return <Skeleton h={160} />;
  if (feed.isError) return <ProblemNote error={feed.error} onRetry={() => feed.refetch()} />;

  const newest = feed.data.items.toReversed();
  if (newest.length === 0) return <Text c="dimmed">Nothing yet. The result of every export shows here.</Text>;

  const unread = new Set(unreadOf(feed.data).map((one) => one.id));
  const today = dayIn(new Date(), timeZone);
  const isToday = (one: Notification) => dayIn(new Date(one.created_at), timeZone) === today;
  const groups = [
    { title: 'Today', items: newest.filter(isToday) },
    { title: 'Earlier', items: newest.filter((one) => !isToday(one)) },
  ].filter((group) => group.items.length > 0);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text fz="sm" c="dimmed" role="status">
          {unread.size === 0 ? 'All read' : `${unread.size} unread`}
        </Text>
        {unread.size > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => feed.data.cursor && markRead.mutate(feed.data.cursor)}
            loading={markRead.isPending}
          >
            Mark all as read
          </Button>
        )}
      </Group>
      {groups.map((group) => (
        <section key={group.title}>
          <Text component="h3" fz="xs" fw={600} c="dimmed" mb={4}>
            {group.title}
          </Text>
          <ul className="notification-list">
            {group.items.map((one) => (
              <Item key={one.id} notification={one} unread={unread.has(one.id)} />
            ))}
          </ul>
        </section>
      ))}
    </Stack>
  );
}

type ItemProps = { notification: Notification; unread: boolean };

function Item({ notification, unread }: ItemProps) {
  const format = useFormat();
  const face = faceOf(notification);
  const Shape = face.icon;
  return (
    <li data-unread={unread || undefined} data-tone={face.tone}>
      <Shape size={20} aria-hidden />
      <div>
        <Text fz="sm">{notification.message}</Text>
        <Group gap={8} mt={2}>
          {unread && (
            <Text fz="xs" fw={600}>
              Unread
            </Text>
          )}
          <Text fz="xs" c="dimmed">
            {format.instant(notification.created_at)}
          </Text>
          {face.href && (
            <Link to={face.href} replace className="text-link notification-link">
              {face.link}
            </Link>
          )}
        </Group>
      </div>
    </li>
  );
}
