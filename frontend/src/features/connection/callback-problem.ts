const WORDS: Record<string, { title: string; text: string }> = {
  access_denied: {
    title: 'You didn’t allow access, so nothing was connected',
    text: 'If that was a slip, connect again and choose Allow access at the end.',
  },
  consent_expired: { title: 'That took too long', text: 'Nothing was connected. Start again from here.' },
  consent_failed: {
    title: 'Xero didn’t complete the connection',
    text: 'Nothing was connected. Start again from here.',
  },
  consent_not_permitted: {
    title: 'You may no longer connect this business',
    text: 'Nothing was connected. Ask an administrator of your business to connect it.',
  },
  organisation_taken: {
    title: 'That organisation belongs to another business here',
    text: 'One Xero organisation serves one business. Choose another, or disconnect it there first.',
  },
  no_organisation: {
    title: 'No organisation was chosen',
    text: 'Xero didn’t give us access to any organisation. Connect again and choose one.',
  },
  xero_unavailable: { title: 'Xero isn’t answering', text: 'Nothing was connected. Try again in a minute.' },
};

/** What came back from Xero's consent page, in words; an unknown code still says what is safe and what to do. */
export function wordsFor(code: string): { title: string; text: string } {
  return (
    WORDS[code] ?? {
      title: 'Xero was not connected',
      text: `Nothing was changed. Try again; if it happens twice, tell support the code ${code}.`,
    }
  );
}
