import { useState } from 'react';
import { useDecideLink } from '@/api/contact-links';
import type { Candidate, ContactLink } from '@/api/types';
import { contradicting } from './words';

/** What is chosen: a contact of Xero by its id, a new one, or one that is still to be searched. */
export type Chosen = { to: string } | 'new' | 'other' | null;

/** The contacts of Xero that ours may be: those in doubt, then those that merely look alike. */
export const candidatesOf = ({ candidates, possible_duplicates }: ContactLink): readonly Candidate[] => {
  const ids = new Set(candidates.map((one) => one.xero_contact.id));
  return [...candidates, ...possible_duplicates.filter((one) => !ids.has(one.xero_contact.id))];
};

/** The contact of Xero that this one is linked to when it is sent next; `null`: a new one is created, or nobody knows. */
export function comingLink({ state, decided_by, candidates, problem }: ContactLink): Candidate | null {
  const [only] = candidates;
  const isCertain = state === 'none' && decided_by === null && problem === null && candidates.length === 1;
  return only && isCertain && only.taken_by === null ? only : null;
}

/** The candidate that nothing speaks against, if there is only this one: it is chosen before anybody chooses. */
function likely(link: ContactLink): Chosen {
  const open = candidatesOf(link).filter((one) => one.taken_by === null && !isContradicted(one));
  const [only] = open;
  return only && open.length === 1 ? { to: only.xero_contact.id } : null;
}

/** Addresses are written in too many ways to speak against anybody. */
const isContradicted = ({ differs }: Candidate) =>
  contradicting(differs).some(({ field }) => field !== 'address' && field !== 'payer_reference');

/** Choosing which contact of Xero a contact is, and saving that. */
export function useChoice(contactId: string, link: ContactLink, onDecided?: () => void) {
  const [picked, setPicked] = useState<Chosen | undefined>(undefined);
  const [other, setOther] = useState<Candidate | null>(null);
  const [name, setName] = useState<string | null>(null);
  const [forAll, setForAll] = useState(false);
  const deciding = useDecideLink(contactId);
  const chosen = picked === undefined ? likely(link) : picked;
  const candidate =
    chosen === 'other'
      ? other
      : candidatesOf(link).find(
          (one) => chosen !== null && typeof chosen === 'object' && one.xero_contact.id === chosen.to,
        );
  const newName = name ?? link.new_name;
  const decide = () => {
    const all = forAll && link.like_these > 0 ? { same_for_all_like_these: true } : {};
    if (chosen === 'new') {
      deciding.mutate({ new: true, xero_name: newName.trim(), ...all }, { onSuccess: onDecided });
    } else if (candidate) {
      deciding.mutate({ xero_contact_id: candidate.xero_contact.id, ...all }, { onSuccess: onDecided });
    }
  };
  return {
    chosen,
    choose: (next: Chosen) => {
      deciding.reset();
      setPicked(next);
    },
    /** The contact of Xero that is chosen, if one is. */
    candidate: candidate ?? null,
    other,
    setOther,
    newName,
    setNewName: setName,
    forAll,
    setForAll,
    canDecide: chosen === 'new' ? newName.trim() !== '' : Boolean(candidate),
    decide,
    deciding: deciding.isPending,
    error: deciding.error,
  };
}

export type Choice = ReturnType<typeof useChoice>;
