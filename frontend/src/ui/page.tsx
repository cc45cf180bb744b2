import { Box, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

type Props = { title: string; intro?: ReactNode; actions?: ReactNode; children: ReactNode; width?: number };

/** A page with a heading, for everything that is not a full-height list. */
export function Page({ title, intro, actions, children, width = 760 }: Props) {
  useTitle(title);
  return (
    <Box px={{ base: 'md', sm: 'lg' }} py="lg" maw={width + 48}>
      <Group justify="space-between" align="start" mb="lg" gap="sm">
        <Box>
          <Title order={1} fz={22} lh={1.3}>
            {title}
          </Title>
          {intro && (
            <Text fz="sm" c="dimmed" mt={4} maw={620}>
              {intro}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Jobtally`;
  }, [title]);
}
