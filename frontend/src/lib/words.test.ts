import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultWords, problemWords } from './words';

type Row = { code: string; title: string; detail: string };

/** Every refusal that the API can give, with its own words, as its documentation lists them. */
function refusals(): Row[] {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/problems.md'), 'utf8');
  return [...page.matchAll(/^\| `(\w+)` \| \d{3} \| (.+?) \| (.+?) \|$/gm)].map(
    ([, code = '', title = '', detail = '']) => ({ code, title, detail }),
  );
}

const FOR_PROGRAMMERS = /`|JSON|ETag|header|If-Match|Idempotency|_[A-Z]|\bid\b|\berrors\b|Content-Type|API/;

describe('a refusal', () => {
  test('never speaks to programmers, whichever it is', () => {
    const known = refusals();
    expect(known.length).toBeGreaterThan(40);

    const wrong = known.filter((row) => {
      const { title, text } = problemWords(row);
      return FOR_PROGRAMMERS.test(`${title} ${text}`) || title === '';
    });

    expect(wrong.map((row) => row.code)).toEqual([]);
  });

  test('that is new to the screen keeps its title, and its text only if a person understands it', () => {
    const title = 'The Xero plan is used up';

    expect(problemWords({ code: 'new_one', title, detail: 'Wait until Monday.' })).toEqual({
      title,
      text: 'Wait until Monday.',
    });
    expect(problemWords({ code: 'new_two', title, detail: 'Fix every entry in `errors`.' })).toEqual({
      title,
      text: null,
    });
  });
});

describe('a fault of a field', () => {
  const empty = { code: 'string_too_short', detail: 'This is empty. Write at least one character.' };

  test('that was left empty says what to enter', () => {
    expect(faultWords(empty, 'name', 'Your name', '')).toBe('Enter your name.');
    expect(faultWords(empty, 'name', 'Company name', null)).toBe('Enter the company name.');
    expect(faultWords(empty, 'tax_number', 'GST number or ABN', '')).toBe('Enter the GST number or ABN.');
    expect(faultWords(empty, 'password', 'Password', '')).toBe('Enter a password.');
  });

  test('that is too short says how long it has to be', () => {
    const short = { code: 'string_too_short', detail: 'Use at least 12 characters.' };

    expect(faultWords(short, 'password', 'Password', 'tui')).toBe('Use at least 12 characters.');
  });

  test('is never about patterns and types', () => {
    const pattern = { code: 'string_pattern_mismatch', detail: 'Write it in the form ^inv_[0-7]$.' };
    const email = {
      code: 'malformed_email',
      detail: 'Send an e-mail address like mere@example.co.nz. No @-sign.',
    };

    expect(faultWords(pattern, 'code', 'Code', 'x')).toBe('Check how this is written.');
    expect(faultWords(email, 'email', 'E-mail', 'mere')).toBe(
      'Write an e-mail address like office@example.com.',
    );
  });
});
