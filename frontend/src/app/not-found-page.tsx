import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '@/ui/page';

export function NotFoundPage() {
  return (
    <Page
      title="There’s no such page"
      intro="The address may be mistyped, or what it led to is gone. Nothing of yours is lost."
    >
      <Button component={Link} to="/">
        Go to the start page
      </Button>
    </Page>
  );
}
