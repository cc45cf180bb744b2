import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';

/** Shown in place of a page that could not be drawn. The frame around it stays usable. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="This page didn’t open">
      <ProblemNote error={error} onRetry={reset} />
      <Button component="a" href="/" variant="subtle" mt="sm">
        Go to the start page
      </Button>
    </Page>
  );
}
