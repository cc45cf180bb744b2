import { Button, type ButtonProps } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

type LinkProps = { href: string; children: ReactNode; className?: string };

const isOurs = (href: string) => href.startsWith('/') && !href.startsWith('//');

/** Follows an address the API gave us: our own pages without a reload, any other in a new tab. */
function useFollow(href: string) {
  const router = useRouter();
  return (event: MouseEvent) => {
    if (!isOurs(href) || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    router.history.push(href, { cameFrom: router.state.location.href });
  };
}

const elsewhere = { target: '_blank', rel: 'noopener noreferrer' };

export function HrefButton({ href, children, ...rest }: LinkProps & ButtonProps) {
  const follow = useFollow(href);
  const outside = isOurs(href)
    ? {}
    : { ...elsewhere, rightSection: <IconExternalLink size={15} aria-hidden /> };
  return (
    <Button component="a" href={href} onClick={follow} {...outside} {...rest}>
      {children}
    </Button>
  );
}

export function HrefLink({ href, children, className = 'text-link' }: LinkProps) {
  const follow = useFollow(href);
  return (
    <a href={href} onClick={follow} className={className} {...(isOurs(href) ? {} : elsewhere)}>
      {children}
    </a>
  );
}
