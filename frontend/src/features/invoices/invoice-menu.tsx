import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowBackUp, IconBan, IconDots, IconExternalLink, IconLink } from '@tabler/icons-react';
import type { Invoice } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import { toastDone, toastProblem, toastUndo } from '@/ui/toast';
import { useApproval, useExclusion } from './api';

const asToast = { onError: toastProblem };

/** What is done rarely with one invoice. */
export function InvoiceMenu({ invoice }: { invoice: Invoice }) {
  const { id, status, export_state: state, external_url: url } = invoice;
  const { approve, withdraw } = useApproval(id);
  const exclusion = useExclusion(id);
  const number = numberOf(invoice);
  const withdrawApproval = () =>
    withdraw.mutate(undefined, {
      onSuccess: () => toastUndo(`${number} is a draft again`, () => approve.mutate(undefined, asToast)),
      ...asToast,
    });
  const leaveOut = () =>
    exclusion.mutate(true, {
      onSuccess: () => toastUndo(`${number} is left out of exports`, () => exclusion.mutate(false, asToast)),
      ...asToast,
    });
  const copyLink = async () => {
    await navigator.clipboard.writeText(`${location.origin}/invoices/${id}`);
    toastDone('Link copied');
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          className="invoice-panel-more"
          aria-label={`More for ${number}`}
        >
          <IconDots size={18} stroke={1.8} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {state === 'not_exported' && status === 'approved' && (
          <Menu.Item leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={withdrawApproval}>
            Withdraw approval
          </Menu.Item>
        )}
        {state === 'not_exported' && (
          <Menu.Item leftSection={<IconBan size={16} aria-hidden />} onClick={leaveOut}>
            Leave out of exports
          </Menu.Item>
        )}
        {url && (
          <Menu.Item
            component="a"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            leftSection={<IconExternalLink size={16} aria-hidden />}
          >
            Open in Xero
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={copyLink}>
          Copy the link
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
