import { Button, Stack, Text, Title } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTitle } from '@/ui/page';

export function NotFoundPage() {
  useTitle('No such page');
  return (
    <Stack align="center" gap="sm" px="md" py={80} ta="center">
      <IconMapQuestion size={44} stroke={1.4} aria-hidden className="soft" />
      <Title order={1} fz={24}>
        There’s no such page
      </Title>
      <Text c="dimmed" maw={420}>
        The address may be mistyped, or what it led to is gone. Nothing of yours is lost.
      </Text>
      <Button component={Link} to="/" mt="sm">
        Go to the start page
      </Button>
    </Stack>
  );
}
