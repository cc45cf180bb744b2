import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import './section.css';

type Props = { id: string; title: string; intro?: ReactNode; children: ReactNode };

/** A part of the preferences that a link can point at: `/settings/accounting#default-codes`. */
export function Section({ id, title, intro, children }: Props) {
  return (
    <Paper withBorder p="lg" id={id} component="section" className="section" aria-labelledby={`${id}-title`}>
      <Title order={2} fz={17} id={`${id}-title`}>
        {title}
      </Title>
      {intro && (
        <Text fz="sm" c="dimmed" mt={2}>
          {intro}
        </Text>
      )}
      <Stack gap="md" mt="md">
        {children}
      </Stack>
    </Paper>
  );
}
