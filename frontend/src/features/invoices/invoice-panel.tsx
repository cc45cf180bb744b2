import { Button, CloseButton, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCheck, IconExternalLink, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Invoice } from '@/api/types';
import { ProblemNote, ProblemNotes } from '@/ui/problem-note';
import { StateMark } from '@/ui/state-mark';
import { invoiceQuery, useApproval } from './api';
import { InvoiceFacts } from './invoice-facts';
import { faceOf } from './states';
import './invoice-panel.css';

type Props = { id: string; busy: boolean; onExport: (id: string) => void; onClose: () => void };

/** One invoice in full: beside the list on wide screens, over it on narrow ones. */
export function InvoicePanel(props: Props) {
  const beside = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false });
  const phone = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
  if (beside) {
    return (
      <aside
        className="invoice-panel"
        aria-labelledby="invoice-panel"
        onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
      >
        <Content {...props} />
      </aside>
    );
  }
  return (
    <Drawer
      opened
      onClose={props.onClose}
      position="right"
      size={phone ? '100%' : 440}
      withCloseButton={false}
      aria-labelledby="invoice-panel"
    >
      <Content {...props} />
    </Drawer>
  );
}

function Content({ id, busy, onExport, onClose }: Props) {
  const invoice = useQuery(invoiceQuery(id));
  return (
    <>
      <Heading invoice={invoice.data} onClose={onClose} />
      {invoice.isPending && <Skeleton h={240} />}
      {invoice.isError && (
        <ProblemNote
          error={invoice.error}
          title="We couldn’t load this invoice"
          onRetry={() => invoice.refetch()}
        />
      )}
      {invoice.data && (
        <Stack gap="md">
          <ProblemNotes problems={invoice.data.problems} remarks={invoice.data.remarks} />
          <Actions invoice={invoice.data} busy={busy} onExport={onExport} />
          <InvoiceFacts invoice={invoice.data} />
        </Stack>
      )}
    </>
  );
}

function Heading({ invoice, onClose }: { invoice: Invoice | undefined; onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows each newly opened invoice
  useEffect(() => heading.current?.focus({ preventScroll: true }), [invoice?.id]);
  return (
    <Group justify="space-between" align="start" wrap="nowrap" mb="md">
      <div>
        <Group gap="xs">
          <Title order={2} fz={18} id="invoice-panel" ref={heading} tabIndex={-1} className="quiet-focus">
            {invoice?.number ?? 'Invoice'}
          </Title>
          {invoice && <StateMark {...faceOf(invoice)} />}
        </Group>
        <Text fz="sm" c="dimmed">
          {invoice?.contact_name}
        </Text>
      </div>
      <CloseButton size={36} aria-label="Close details" onClick={onClose} />
    </Group>
  );
}

function Actions({ invoice, busy, onExport }: { invoice: Invoice } & Pick<Props, 'busy' | 'onExport'>) {
  const { approve, withdraw } = useApproval(invoice.id);
  const failed = approve.error ?? withdraw.error;
  const draft = invoice.status === 'draft';
  const sendable = faceOf(invoice).untickable === null;
  return (
    <Stack gap="sm">
      {failed && <ProblemNote error={failed} />}
      <Group gap="xs">
        {draft && (
          <Button
            leftSection={<IconCheck size={16} aria-hidden />}
            loading={approve.isPending}
            onClick={() => approve.mutate()}
          >
            Approve
          </Button>
        )}
        {sendable && (
          <Button
            leftSection={<IconUpload size={16} aria-hidden />}
            loading={busy}
            onClick={() => onExport(invoice.id)}
          >
            Export to Xero
          </Button>
        )}
        {sendable && (
          <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            Withdraw approval
          </Button>
        )}
        {invoice.external_url && (
          <Button
            component="a"
            variant="default"
            href={invoice.external_url}
            target="_blank"
            rel="noopener noreferrer"
            rightSection={<IconExternalLink size={15} aria-hidden />}
          >
            Open in Xero
          </Button>
        )}
      </Group>
    </Stack>
  );
}
