import { Button } from '@mantine/core';
import type { ContactLink } from '@/api/types';
import { agreesWords, listed } from '@/ui/matching/words';
import { ProblemNote } from '@/ui/problem-note';

/** Contacts of Xero that look like this one without being in question; nothing was linked because of that. */
export function DuplicatesNote({ link, onLook }: { link: ContactLink; onLook: () => void }) {
  const alike = link.possible_duplicates;
  if (alike.length === 0) return null;
  const names = listed(alike.slice(0, 3).map((one) => one.xero_contact.name));
  const reason = alike.length === 1 ? agreesWords(alike[0]?.agrees ?? []) : null;
  return (
    <div className="link-problem">
      <ProblemNote
        problem={{
          title: `In Xero there is ${names} too`,
          detail: reason ? `${reason}. It may be the same.` : 'One of them may be the same.',
          fix: null,
        }}
        remark
        cure={
          <Button size="xs" variant="default" mt={8} onClick={onLook}>
            Compare
          </Button>
        }
      />
    </div>
  );
}
