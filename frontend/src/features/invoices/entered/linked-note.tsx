import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Invoice } from '@/api/types';
import { useSession } from '@/api/use-session';
import { useFormat } from '@/lib/locale';
import { Note } from '@/ui/note';
import { ProblemNote } from '@/ui/problem-note';
import { linkQuery, useUnlink } from './api';
import { SideBySide } from './side-by-side';

/** That a person has linked the invoice with a document that Jobtally didn't send, and the way back. */
export function LinkedNote({ invoice }: { invoice: Invoice }) {
  const { data: link } = useQuery(linkQuery(invoice.id));
  const unlink = useUnlink();
  const format = useFormat();
  const mayUnlink = useSession().role !== 'viewer';
  if (link?.made_by !== 'person' || !link.made_at) return null;
  return (
    <Note tone="info" title="Linked, not sent">
      Somebody else has entered it in Xero. It was linked here on {format.instant(link.made_at)}.
      {link.document && <SideBySide invoice={invoice} documents={[link.document]} />}
      {unlink.isError && <ProblemNote error={unlink.error} />}
      {mayUnlink && (
        <div>
          <Button
            mt="xs"
            size="xs"
            variant="default"
            loading={unlink.isPending}
            onClick={() => unlink.mutate([invoice.id])}
          >
            Unlink
          </Button>
        </div>
      )}
    </Note>
  );
}
