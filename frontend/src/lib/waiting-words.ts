/** Why something for Xero waits, and what makes it go on; it always goes on by itself except for the connection. */
export function waitingWords(
  waitingFor: string | null,
  resumesAt: string | null,
  what: string,
): string | null {
  const when = resumesAt ? `We carry on at ${resumesAt}.` : 'We carry on by ourselves.';
  switch (waitingFor) {
    case 'rate':
      return `Xero takes 60 requests a minute, and they are used up. ${when}`;
    case 'day_limit':
      return `Xero’s limit for today is used up. ${when}`;
    case 'xero':
      return `Xero isn’t answering. Nothing is lost. ${when}`;
    case 'connection':
      return `Xero has signed us out. Reconnect, and this ${what} carries on where it stopped.`;
    default:
      return null;
  }
}
