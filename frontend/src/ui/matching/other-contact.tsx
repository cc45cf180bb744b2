import { Loader, Radio } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { candidatesQuery } from '@/api/contact-links';
import type { Candidate } from '@/api/types';
import { ProblemNote } from '@/ui/problem-note';
import { SearchBox } from '@/ui/search-box';
import { CandidateCard } from './contact-choice';

type Props = {
  contactId: string;
  value: Candidate | null;
  onChange: (candidate: Candidate | null) => void;
};

/** Any contact of Xero, found by its name, e-mail or number. */
export function OtherContact({ contactId, value, onChange }: Props) {
  const [q, setQ] = useState('');
  const matches = useQuery(candidatesQuery(contactId, q));
  const rows = matches.data?.items ?? [];
  return (
    <>
      <SearchBox
        label="Search the contacts in Xero"
        placeholder="Name, e-mail or number"
        value={q}
        onChange={setQ}
      />
      {matches.isFetching && <Loader size="xs" mt="sm" aria-label="Searching" />}
      {matches.isError && <ProblemNote error={matches.error} onRetry={() => matches.refetch()} />}
      {matches.data && rows.length === 0 && <p className="choice-nothing">Nothing in Xero matches</p>}
      {rows.length > 0 && (
        <Radio.Group
          aria-label="Contacts in Xero"
          value={value ? `to ${value.xero_contact.id}` : null}
          onChange={(next) => onChange(rows.find((one) => `to ${one.xero_contact.id}` === next) ?? null)}
          className="choices"
        >
          {rows.map((one) => (
            <CandidateCard key={one.xero_contact.id} candidate={one} />
          ))}
        </Radio.Group>
      )}
    </>
  );
}
