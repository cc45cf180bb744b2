import { VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { Candidate } from '@/api/types';
import { contradicting, EVIDENCE_WORDS, FIELD_WORDS } from './words';
import './matching.css';

/** What speaks for a candidate, ticked, and what speaks against it. */
export function EvidenceTicks({ agrees, differs }: Pick<Candidate, 'agrees' | 'differs'>) {
  return (
    <span className="evidence">
      {agrees.map((kind) => (
        <span key={kind} className="sign">
          <IconCheck size={14} stroke={2.2} aria-hidden />
          <VisuallyHidden>same </VisuallyHidden>
          {EVIDENCE_WORDS[kind]}
        </span>
      ))}
      {contradicting(differs).map(({ field }) => (
        <span key={field} className="sign" data-tone="warn">
          <IconAlertTriangle size={14} stroke={2} aria-hidden />
          other {FIELD_WORDS[field].startsWith('GST') ? FIELD_WORDS[field] : FIELD_WORDS[field].toLowerCase()}
        </span>
      ))}
    </span>
  );
}
