import { Notifications } from '@mantine/notifications';
import { Outlet } from '@tanstack/react-router';

/** Toasts stand inside the router, because their links lead to pages of the app. */
export function Root() {
  return (
    <>
      <Outlet />
      <Notifications position="bottom-right" limit={3} zIndex={400} containerWidth={380} />
    </>
  );
}
