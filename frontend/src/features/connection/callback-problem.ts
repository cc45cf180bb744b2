const WORDS: Record<string, { title: string; text: string }> = {
  access_denied: {
    title: 'You didn’t allow access, so nothing was connected',
    text: 'If that was a slip, connect again and choose Allow access at the end.',
  },
  authorization_expired: {
    title: 'That took too long',
    text: 'Nothing was connected. Start again from here.',
  },
  organisation_in_use: {
    title: 'That organisation is already connected to another business',
    text: 'One Xero organisation can serve one business. Choose another, or disconnect it there first.',
  },
  wrong_organisation: {
    title: 'You chose a different organisation',
    text: 'Your invoices went to another organisation before. Reconnect and choose the same one.',
  },
  no_organisation: {
    title: 'No organisation was chosen',
    text: 'Xero didn’t give us access to any organisation. Connect again and choose one.',
  },
  xero_unavailable: { title: 'Xero isn’t answering', text: 'Nothing was connected. Try again in a minute.' },
};

const SYNONYMS: Record<string, string> = {
  consent_refused: 'access_denied',
  authorization_denied: 'access_denied',
  authorization_refused: 'access_denied',
  state_mismatch: 'authorization_expired',
  invalid_state: 'authorization_expired',
  authorization_invalid: 'authorization_expired',
  unknown_authorization: 'authorization_expired',
  xero_unreachable: 'xero_unavailable',
  xero_busy: 'xero_unavailable',
  no_organisations: 'no_organisation',
};

/** What came back from Xero's consent page, in words; an unknown code still says what is safe and what to do. */
export function wordsFor(code: string): { title: string; text: string } {
  return (
    WORDS[SYNONYMS[code] ?? code] ?? {
      title: 'Xero was not connected',
      text: `Nothing was changed. Try again; if it happens twice, tell support the code ${code}.`,
    }
  );
}
