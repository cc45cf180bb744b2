import type { ReactNode } from 'react';
import type { components } from '@/api/schema.gen';
import { useFormat } from '@/lib/locale';
import { Facts } from './facts';

type Preview = components['schemas']['XeroPreview'];

/** Whether the bytes that were sent are deleted. */
export const isErased = ({ sent_call }: Preview): boolean => sent_call !== null && !sent_call.bytes_kept;

/** What is known of a call to Xero after its bytes are deleted. */
export function WhatIsLeft({ preview: { sent_at, sent_call } }: { preview: Preview }) {
  const format = useFormat();
  if (!sent_call) return null;
  const facts: [string, ReactNode][] = [
    ['Sent', sent_at && format.instant(sent_at)],
    ['Place in the call', format.number(sent_call.place)],
    ['Id of the answer', sent_call.correlation_id],
    ['Idempotency key', sent_call.idempotency_key],
    ['SHA-256 of the call', sent_call.sha256],
  ];
  return (
    <>
      <p>
        The exact bytes are no longer kept: they are deleted 90 days after Xero’s answer. Open the invoice in
        Xero to see what arrived.
      </p>
      <Facts facts={facts} className="xero-call-facts" />
    </>
  );
}
