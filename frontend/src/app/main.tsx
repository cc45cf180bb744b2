import '@/ui/mantine.css';
import '@/ui/fonts.css';
import '@/ui/tokens.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { theme } from '@/ui/theme';
import { createQueryClient } from './query-client';
import { createAppRouter } from './router';

const client = createQueryClient(() => {
  const { href } = router.state.location;
  router.navigate({ to: '/sign-in', search: { return_to: href }, replace: true });
});
const router = createAppRouter(client);
// public/color-scheme.js reads the same key before the first paint.
const colorScheme = localStorageColorSchemeManager({ key: 'jobtally-color-scheme' });

const place = document.getElementById('root');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorScheme}>
          <RouterProvider router={router} />
        </MantineProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
