import { Button, Checkbox, Skeleton } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { linkQuery, useLookAgain } from '@/api/contact-links';
import { connectionQuery } from '@/api/shared';
import type { Contact, ContactLink } from '@/api/types';
import { count } from '@/lib/plural';
import { Card } from '@/ui/card';
import { ContactChoice } from '@/ui/matching/contact-choice';
import { DifferenceTable } from '@/ui/matching/difference-table';
import { candidatesOf, comingLink, useChoice } from '@/ui/matching/use-choice';
import { ProblemNote } from '@/ui/problem-note';
import { Settled } from './settled-link';
import './link-card.css';

/** Which contact of Xero this is: settled in one row, or a choice with the evidence for each candidate. */
export function LinkCard({ contact }: { contact: Contact }) {
  const link = useQuery(linkQuery(contact.id));
  const connection = useQuery(connectionQuery).data;
  const [changing, setChanging] = useState(false);
  if (connection?.state === 'not_connected') {
    return (
      <Card id="link" title="In Xero">
        <span className="soft">Connect to Xero to see which contact this is there.</span>
      </Card>
    );
  }
  if (link.isPending) return <Skeleton h={132} radius="md" />;
  if (link.isError) {
    return (
      <ProblemNote error={link.error} title="We couldn’t read its link to Xero" onRetry={link.refetch} />
    );
  }
  const asks = link.data.state === 'unsure' || changing;
  return (
    <Card id="link" title={headingOf(contact, link.data, asks)} end={<LookAgain id={contact.id} />}>
      {asks ? (
        <Question
          contact={contact}
          link={link.data}
          onDecided={() => setChanging(false)}
          onCancel={link.data.state === 'unsure' ? undefined : () => setChanging(false)}
        />
      ) : (
        <Settled contact={contact} link={link.data} onChange={() => setChanging(true)} />
      )}
    </Card>
  );
}

/** The heading is the answer: "In Xero this is Foxglove Cafe". */
function headingOf(contact: Contact, link: ContactLink, asks: boolean): string {
  const n = candidatesOf(link).length;
  if (asks && link.state !== 'unsure') return `Who is ${contact.display_name} in Xero?`;
  switch (link.state) {
    case 'unsure':
      if (n > 1) return `In Xero this could be one of ${n > 10 ? n : NUMBERS[n]}`;
      return n === 1 ? 'In Xero this could be somebody else' : 'It isn’t certain who this is in Xero';
    case 'linked':
      return `In Xero this is ${link.xero_contact?.name ?? contact.display_name}`;
    case 'archived':
      return 'In Xero this contact is archived';
    case 'creating':
      return 'It is being created in Xero';
    case 'elsewhere':
      return 'It is in another Xero organisation';
    default: {
      const coming = comingLink(link);
      return coming ? `In Xero this will be ${coming.xero_contact.name}` : 'Not in Xero yet';
    }
  }
}

const NUMBERS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function LookAgain({ id }: { id: string }) {
  const again = useLookAgain(id);
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconRefresh size={15} aria-hidden />}
      loading={again.running}
      onClick={() => again.begin()}
    >
      Look again
    </Button>
  );
}

type QuestionProps = { contact: Contact; link: ContactLink; onDecided: () => void; onCancel?: () => void };

function Question({ contact, link, onDecided, onCancel }: QuestionProps) {
  const choice = useChoice(contact.id, link, onDecided);
  const { candidate } = choice;
  return (
    <div className="card-flush">
      {link.problem && link.state !== 'unsure' && (
        <div className="link-problem">
          <ProblemNote problem={{ ...link.problem, fix: null }} />
        </div>
      )}
      <ContactChoice contactId={contact.id} name={contact.display_name} link={link} choice={choice} />
      {candidate && (
        <DifferenceTable
          theirs={candidate.xero_contact.name}
          differences={candidate.differs}
          linked={false}
        />
      )}
      {choice.error && (
        <div className="link-problem">
          <ProblemNote error={choice.error} />
        </div>
      )}
      <div className="card-foot">
        {link.like_these > 0 && choice.chosen === 'new' ? (
          <Checkbox
            label={`Also for ${count(link.like_these, 'other contact', 'other contacts')} with the same question`}
            checked={choice.forAll}
            onChange={(event) => choice.setForAll(event.currentTarget.checked)}
          />
        ) : (
          <span className="soft">You can unlink at any time. What was sent stays where it is.</span>
        )}
        <span className="card-foot-actions">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Button disabled={!choice.canDecide} loading={choice.deciding} onClick={choice.decide}>
            {choice.chosen === 'new' ? 'Make a new contact' : 'Yes, link them'}
          </Button>
        </span>
      </div>
    </div>
  );
}
