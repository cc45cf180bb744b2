import { AppShell, Burger, Group, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { sessionQuery } from '@/api/shared';
import { ConnectionStatus } from '@/features/connection/connection-status';
import { ReconnectBanner } from '@/features/connection/reconnect-banner';
import { Bell } from '@/features/notifications/bell';
import { LocaleProvider } from '@/lib/locale';
import { BrandMark } from '@/ui/brand-mark';
import { AccountMenu } from './account-menu';
import { ColorSchemeButton } from './color-scheme';
import { HelpMenu } from './help-menu';
import { MAIN, SETTINGS } from './nav';
import { NavEntry } from './nav-entry';
import { StandInLine } from './stand-in-line';
import { useFinishedTasks } from './use-finished-tasks';
import './shell.css';

/** The frame of every signed-in page. */
export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  const [opened, menu] = useDisclosure();
  // Signing out empties the session a moment before the sign-in page is there.
  if (!session) return null;
  return (
    <LocaleProvider locale={session.locale} timeZone={session.time_zone}>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 244, breakpoint: 'sm', collapsed: { mobile: !opened } }}
        padding={0}
      >
        <a className="skip" href="#main">
          Skip to main content
        </a>
        <AppShell.Header className="header">
          <Group h="100%" px={{ base: 'sm', sm: 'md' }} gap={6} wrap="nowrap">
            <Burger
              opened={opened}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close menu' : 'Open menu'}
            />
            <BrandMark />
            <Text fw={680} fz={16} ml={4}>
              Jobtally
            </Text>
            <Text className="header-business" fz="sm" c="dimmed" truncate>
              {session.business.name}
            </Text>
            <ColorSchemeButton />
            <HelpMenu />
            <Bell />
            <AccountMenu session={session} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" className="navbar" aria-label="Main">
          <AppShell.Section grow component={ScrollArea}>
            {MAIN.map((item) => (
              <NavEntry key={item.to} item={item} onFollow={menu.close} />
            ))}
            <Text className="nav-heading" component="h2">
              Settings
            </Text>
            {SETTINGS.map((item) => (
              <NavEntry key={item.to} item={item} onFollow={menu.close} />
            ))}
          </AppShell.Section>
          <AppShell.Section>
            <ConnectionStatus onFollow={menu.close} />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1} className="main">
          <StandInLine />
          <ReconnectBanner />
          <FinishedTasks />
          <Outlet />
        </AppShell.Main>
      </AppShell>
    </LocaleProvider>
  );
}

function FinishedTasks() {
  useFinishedTasks();
  return null;
}
