import {
  type Icon,
  IconAlertTriangle,
  IconBell,
  IconCircleCheck,
  IconFileAlert,
  IconPlugConnectedX,
  IconUsers,
} from '@tabler/icons-react';
import type { Notification } from '@/api/types';

type Face = { icon: Icon; tone: 'ok' | 'warn' | 'quiet'; href: string | null; link: string | null };

const idIn = (data: Notification['data'], name: string) => {
  const value = data[name];
  return typeof value === 'string' ? value : null;
};

const someRejected = (data: Notification['data']) => Number(data.rejected ?? 0) > 0;

/** How a kind of notification looks and where it leads; an unknown kind is still shown as its sentence. */
export function faceOf({ kind, data }: Notification): Face {
  switch (kind) {
    case 'export.finished': {
      const id = idIn(data, 'export_id');
      const bad = someRejected(data);
      return {
        icon: bad ? IconAlertTriangle : IconCircleCheck,
        tone: bad ? 'warn' : 'ok',
        href: id ? `/exports/${id}${bad ? '?result=rejected' : ''}` : '/exports',
        link: bad ? 'See what to fix' : 'View export',
      };
    }
    case 'connection.needs_reconnect':
    case 'connection.removed':
      return {
        icon: IconPlugConnectedX,
        tone: 'warn',
        href: '/settings/connections/xero',
        link: 'Reconnect',
      };
    case 'connection.refused':
      return {
        icon: IconPlugConnectedX,
        tone: 'warn',
        href: '/settings/connections/xero',
        link: 'See what to do',
      };
    case 'invoices.never_sent':
      return {
        icon: IconFileAlert,
        tone: 'warn',
        href: idIn(data, 'href') ?? '/invoices?view=ready',
        link: 'View the invoices',
      };
    case 'contact_import.finished': {
      const id = idIn(data, 'contact_import_id');
      const href = id ? `/contacts/import?id=${id}` : '/contacts';
      return { icon: IconUsers, tone: 'quiet', href, link: id ? 'See the result' : 'View contacts' };
    }
    case 'contact_push.finished': {
      const id = idIn(data, 'contact_push_id');
      const href = id ? `/contacts/pushes/${id}` : '/contacts';
      return { icon: IconUsers, tone: 'quiet', href, link: id ? 'See the results' : 'View contacts' };
    }
    default:
      return { icon: IconBell, tone: 'quiet', href: null, link: null };
  }
}
