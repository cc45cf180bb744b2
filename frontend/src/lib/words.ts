import { WRITE_A_DATE } from './dates';

/** What a person reads about a refusal: what happened, and what to do about it. */
export type Words = { title: string; text: string | null };

type Refusal = { code: string; title: string; detail: string | null };

const OURS =
  'This is a fault of ours, not yours. Try again; if it happens twice, tell support the number below.';

/**
 * Sentences for the refusals whose wording in the API speaks to programmers. Any other refusal is worded by the API for
 * a person already; a sentence here wins over it.
 */
const REFUSALS: Record<string, Partial<Words>> = {
  already_queued: {
    title: 'Some of these are being exported already',
    text: 'Untick those that are on their way, or wait until their export is finished.',
  },
  bad_request: { title: 'That didn’t work', text: OURS },
  headers_too_large: { title: 'The request was too large', text: 'Reload the page, and try again.' },
  request_too_slow: { title: 'The connection was too slow', text: 'Check your connection, and try again.' },
  body_too_large: { title: 'That is too much at once', text: 'Choose fewer of them, and do it in parts.' },
  changed_meanwhile: {
    title: 'Somebody changed this meanwhile',
    text: 'Nothing was saved. Open it again to see the change, then make yours.',
  },
  confirmation_required: {
    title: 'This needs your password',
    text: 'Nothing was changed. Start again and give your password when you are asked for it.',
  },
  conflict: {
    title: 'This has changed meanwhile',
    text: 'Nothing was saved. Load the page again and retry.',
  },
  external_id_taken: { text: 'The job system has this under another entry already.' },
  forbidden: {
    title: 'You may not do this',
    text: 'An administrator of your business can do it, or let you.',
  },
  foreign_origin: { title: 'This page may not act for you', text: 'Open Jobtally at its own address.' },
  idempotency_key_reused: { title: 'That didn’t work', text: OURS },
  idempotent_request_running: {
    title: 'This is being done already',
    text: 'Wait a moment; the result shows by itself.',
  },
  if_match_malformed: { title: 'That didn’t work', text: OURS },
  if_match_required: { title: 'That couldn’t be saved', text: OURS },
  internal_error: { title: 'Something went wrong on our side', text: OURS },
  invalid: { title: 'Some of this needs a change', text: 'Nothing was saved yet.' },
  mail_not_set_up: {
    title: 'Mail isn’t set up here',
    text: 'Ask an administrator of your business for a link instead.',
  },
  invoice_exported: { title: 'This invoice is in Xero already' },
  key_in_url: { title: 'That didn’t work', text: OURS },
  malformed_json: { title: 'That didn’t work', text: OURS },
  method_not_allowed: { title: 'That didn’t work', text: OURS },
  mixed_credentials: { title: 'That didn’t work', text: OURS },
  not_found: { title: 'This isn’t here any more', text: 'Somebody may have deleted it.' },
  not_json: { title: 'That didn’t work', text: OURS },
  not_signed_in: { title: 'You are signed out', text: 'Sign in again; what you typed is kept.' },
  origin_not_listed: { title: 'This page may not act for you', text: 'Open Jobtally at its own address.' },
  scope_missing: {
    title: 'You may not do this',
    text: 'An administrator of your business can do it, or let you.',
  },
  selection_changed: { text: 'Look at the list again, then select what you see.' },
  session_only: { title: 'Only a signed-in person can do this', text: 'Sign in again and retry.' },
  temporarily_unavailable: {
    title: 'Jobtally is busy',
    text: 'Nothing was changed. Try again in a moment.',
  },
  too_many_requests: { title: 'That was too quick', text: 'Wait a minute, then carry on.' },
  unknown_export: { title: 'There’s no such export', text: 'It may belong to another business.' },
  unknown_refresh: { title: 'That reading of Xero is gone', text: 'Start it again.' },
  xero_not_configured: {
    title: 'This Jobtally has no access to Xero yet',
    text: 'Ask the people who operate Jobtally for you to set it up.',
  },
};

/** What only a programmer understands: code, headers, names of settings. */
const FOR_PROGRAMMERS =
  /`|\bJSON\b|\bETag\b|\bheader\b|\bIf-Match\b|\bIdempotency|\b[A-Z]+_[A-Z_]+\b|\bids?\b/;

/** A refusal in the words of a screen. Never the API's sentence to programmers: rather no text at all. */
export function problemWords({ code, title, detail }: Refusal): Words {
  const own = REFUSALS[code];
  const text = own?.text ?? (detail && !FOR_PROGRAMMERS.test(detail) ? detail : null);
  return { title: own?.title ?? title, text };
}

type Fault = { code?: string; detail: string };

const FAULTS: Record<string, string> = {
  bool_parsing: 'Choose yes or no.',
  date_malformed: WRITE_A_DATE,
  decimal_malformed: 'Write a number like 1,250.00.',
  decimal_not_text: 'Write a number like 1,250.00.',
  due_before_issued: 'It can’t be due before its date.',
  enum: 'Choose one of the list.',
  extra_forbidden: 'This can’t be saved here.',
  int_parsing: 'Write a whole number.',
  int_type: 'Write a whole number.',
  invoice_exported: 'It is in Xero already.',
  invoice_in_export: 'It is on its way to Xero.',
  literal_error: 'Choose one of the list.',
  not_asked: 'It isn’t asked about any more.',
  string_pattern_mismatch: 'Check how this is written.',
  string_type: 'Write some text here.',
  total_negative: 'Its total is below zero. Credit notes are not exported yet.',
  unknown_cost_center: 'This cost centre isn’t here any more. Choose another.',
  unknown_invoice: 'It isn’t here any more.',
  unknown_tax_type: 'This tax rate isn’t here any more. Choose another.',
};

/** Fields whose label alone would make a clumsy sentence. */
const NOUNS: Record<string, string> = {
  email: 'your e-mail address',
  password: 'a password',
  due_on: 'a due date',
  issued_on: 'a date',
};

/** "Enter your name.", "Enter the company name." */
export function enterWords(field: string, label: string): string {
  const lower = /^[A-Z]{2}/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
  const noun = NOUNS[field] ?? (lower.startsWith('your ') ? lower : `the ${lower}`);
  return `Enter ${noun}.`;
}

/** What is wrong with one field; `given` is what stands in it. */
export function faultWords({ code, detail }: Fault, field: string, label: string, given: unknown): string {
  const isEmpty = given === '' || given === null || given === undefined;
  if (isEmpty && field !== '') return enterWords(field, label);
  if (code === 'malformed_email') return 'Write an e-mail address like office@example.com.';
  const least = code === 'string_too_short' && /\d+/.exec(detail)?.[0];
  if (least) return `Use at least ${least} characters.`;
  return FAULTS[code ?? ''] ?? (FOR_PROGRAMMERS.test(detail) ? 'This can’t be used as it is.' : detail);
}
