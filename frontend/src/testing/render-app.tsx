import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createQueryClient } from '@/app/query-client';
import { createAppRouter } from '@/app/router';
import { theme } from '@/ui/theme';

/** The whole app at an address, as a browser would show it. */
export function renderApp(address: string) {
  const client = createQueryClient(() => router.navigate({ to: '/sign-in' }));
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  const router = createAppRouter(client, createMemoryHistory({ initialEntries: [address] }));
  render(
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} env="test">
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return { router, client, user: userEvent.setup({ delay: null }) };
}
