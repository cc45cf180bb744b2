import { Anchor, Box, Group, Paper, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { BrandMark } from '@/ui/brand-mark';
import { useTitle } from '@/ui/page';
import './auth-frame.css';

type Props = {
  title: string;
  intro: string;
  children: ReactNode;
  other: { question: string; label: string; to: '/sign-in' | '/sign-up' };
};

/** The frame around sign-in and sign-up: brand, one form, and the way to the other form. */
export function AuthFrame({ title, intro, children, other }: Props) {
  useTitle(title);
  return (
    <main className="auth">
      <Box w="100%" maw={440}>
        <Group gap={10} mb="lg" justify="center">
          <BrandMark size={36} />
          <Text fw={700} fz={22} lts="-0.01em">
            Jobtally
          </Text>
        </Group>
        <Paper className="auth-card" p={{ base: 'lg', xs: 'xl' }} radius="lg" withBorder>
          <Title order={1} fz={22}>
            {title}
          </Title>
          <Text fz="sm" c="dimmed" mt={4} mb="lg">
            {intro}
          </Text>
          {children}
        </Paper>
        <Text fz="sm" ta="center" mt="md" c="dimmed">
          {other.question}{' '}
          <Anchor component={Link} to={other.to} className="text-link" fz="sm">
            {other.label}
          </Anchor>
        </Text>
      </Box>
    </main>
  );
}
