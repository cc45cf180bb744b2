import { Radio, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Candidate, ContactLink, XeroContact } from '@/api/types';
import { EvidenceTicks } from './evidence';
import { OtherContact } from './other-contact';
import { type Choice, type Chosen, candidatesOf } from './use-choice';
import './matching.css';

type Props = { contactId: string; name: string; link: ContactLink; choice: Choice };

/** Which contact of Xero it is: the candidates with their evidence, a new contact, or another one. */
export function ContactChoice({ contactId, name, link, choice }: Props) {
  return (
    <>
      <Radio.Group
        aria-label={`Who is ${name} in Xero?`}
        value={keyOf(choice.chosen)}
        onChange={(value) => choice.choose(chosenOf(value))}
        className="choices"
      >
        {candidatesOf(link).map((one) => (
          <CandidateCard key={one.xero_contact.id} candidate={one} />
        ))}
        <Card
          value="new"
          title={NONE[candidatesOf(link).length] ?? 'None of these: make a new contact'}
          about={`Goes in as “${choice.newName}”`}
        />
        <Card value="other" title="Another contact…" about="Search the contacts in Xero" />
      </Radio.Group>
      {choice.chosen === 'new' && (
        <div className="choice-more">
          <TextInput
            id="xero_name"
            label="Name in Xero"
            description="Xero takes each name once."
            value={choice.newName}
            onChange={(event) => choice.setNewName(event.currentTarget.value)}
          />
        </div>
      )}
      {choice.chosen === 'other' && (
        <div className="choice-more">
          <OtherContact contactId={contactId} value={choice.other} onChange={choice.setOther} />
        </div>
      )}
    </>
  );
}

/** By how many candidates there are. */
const NONE = ['Make a new contact', 'Somebody else: make a new contact', 'Neither: make a new contact'];

/** A contact of Xero as a choice. One that belongs to another of our contacts cannot be chosen. */
export function CandidateCard({ candidate }: { candidate: Candidate }) {
  const { xero_contact: theirs, taken_by } = candidate;
  const about = [...aboutXeroContact(theirs), taken_by && `belongs to ${taken_by.name} here`];
  return (
    <Card
      value={`to ${theirs.id}`}
      title={theirs.name}
      about={about.filter(Boolean).join(' · ') || 'No e-mail, phone or number'}
      end={<EvidenceTicks {...candidate} />}
      disabled={taken_by !== null}
    />
  );
}

/** What tells a contact of Xero from others of its name. */
export const aboutXeroContact = (theirs: XeroContact): string[] =>
  [
    theirs.email,
    theirs.phone,
    theirs.account_number && `account number ${theirs.account_number}`,
    theirs.is_archived && 'archived',
  ].filter((words): words is string => Boolean(words));

type CardProps = { value: string; title: string; about: string; end?: ReactNode; disabled?: boolean };

function Card({ value, title, about, end, disabled }: CardProps) {
  return (
    <Radio.Card value={value} className="choice" disabled={disabled}>
      <Radio.Indicator size="sm" />
      <span className="choice-words">
        <span className="choice-title">{title}</span>
        <span className="choice-about">{about}</span>
      </span>
      {end}
    </Radio.Card>
  );
}

const keyOf = (chosen: Chosen): string | null =>
  chosen !== null && typeof chosen === 'object' ? `to ${chosen.to}` : chosen;

const chosenOf = (value: string): Chosen =>
  value === 'new' || value === 'other' ? value : { to: value.replace(/^to /, '') };
