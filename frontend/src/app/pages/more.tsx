import { UnstyledButton } from '@mantine/core';
import { IconBook, IconBuilding, IconHelpCircle, IconLogout } from '@tabler/icons-react';
import type { ComponentProps, ReactNode } from 'react';
import { useSession } from '@/api/use-session';
import { useAccountActions } from '@/app/account-actions';
import { useColorSchemeSwitch } from '@/app/color-scheme';
import { ACCOUNT, EXPORTS, SETTINGS } from '@/app/nav';
import { NavEntry } from '@/app/nav-entry';
import { Page } from '@/ui/page';

/** What the tab bar of a phone has no room for. */
export function MorePage() {
  const session = useSession();
  const { others, leave, enter } = useAccountActions(session);
  const scheme = useColorSchemeSwitch();
  return (
    <Page title="More" intro={`${session.user.name}, ${session.business.name}`}>
      <nav aria-label="More pages">
        {[EXPORTS, ...SETTINGS].map((item) => (
          <NavEntry key={item.to} item={item} />
        ))}
        <NavEntry item={{ to: '/help', label: 'Questions and answers', tab: 'Help', icon: IconHelpCircle }} />
        <a className="nav-entry" href="/api/docs" target="_blank" rel="noopener">
          <IconBook size={18} stroke={1.7} aria-hidden />
          API documentation
        </a>
      </nav>
      <h2 className="nav-heading">Account</h2>
      <NavEntry item={ACCOUNT} />
      {others.map((one) => (
        <Action key={one.id} icon={IconBuilding} onClick={() => enter(one.id)}>
          Switch to {one.name}
        </Action>
      ))}
      <Action icon={scheme.icon} onClick={scheme.flip}>
        {scheme.label}
      </Action>
      <Action icon={IconLogout} onClick={leave}>
        Sign out
      </Action>
    </Page>
  );
}

type ActionProps = { icon: ComponentProps<typeof NavEntry>['item']['icon']; children: ReactNode };

function Action({ icon: Shape, children, onClick }: ActionProps & { onClick: () => void }) {
  return (
    <UnstyledButton className="nav-entry" w="100%" onClick={onClick}>
      <Shape size={18} stroke={1.7} aria-hidden />
      <span className="nav-entry-label">{children}</span>
    </UnstyledButton>
  );
}
