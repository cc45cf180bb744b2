import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, test } from 'vitest';
import { session } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';
import type { OwnSession } from './api';

const here: OwnSession = {
  id: 'ses_1',
  browser: 'Firefox on Windows',
  address: '203.0.113.7',
  current: true,
  created_at: '2026-11-20T02:00:00Z',
  last_seen_at: '2026-11-22T02:00:00Z',
  expires_at: '2026-12-20T02:00:00Z',
};
const phone: OwnSession = { ...here, id: 'ses_2', browser: 'Safari on iPhone', current: false };

/** The sessions of the user; ending one takes it off the list. */
function signedInAt(...sessions: OwnSession[]) {
  let left = sessions;
  server.use(
    http.get('/api/v1/sessions', () => HttpResponse.json({ items: left, next_cursor: null })),
    http.delete('/api/v1/sessions/:id', ({ params }) => {
      left = left.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
}

const done = () => new HttpResponse(null, { status: 204 });

beforeEach(() => signedInAt(here, phone));

test('the account is reached from the menu of the account', async () => {
  const { user, router } = renderApp('/invoices');

  await user.click(await screen.findByRole('button', { name: 'Account of Mere Hohepa' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Your account' }));

  expect(await screen.findByRole('heading', { name: 'Your account', level: 1 })).toBeVisible();
  expect(router.state.location.pathname).toBe('/settings/account');
});

describe('the password', () => {
  const change = async (user: ReturnType<typeof renderApp>['user']) => {
    await user.type(await screen.findByLabelText('Present password'), 'four words of old');
    await user.type(screen.getByLabelText('New password'), 'four words of mine');
    await user.click(screen.getByRole('button', { name: 'Change password' }));
  };

  test('is changed with the present one, and the fields are empty again', async () => {
    const sent: unknown[] = [];
    server.use(
      http.put('/api/v1/session/password', async ({ request }) => {
        sent.push(await request.json());
        return done();
      }),
    );
    const { user } = renderApp('/settings/account');

    await change(user);

    expect(await screen.findByText('Your password is changed')).toBeVisible();
    expect(sent).toEqual([{ current_password: 'four words of old', new_password: 'four words of mine' }]);
    expect(screen.getByLabelText('Present password')).toHaveValue('');
    expect(screen.getByLabelText('New password')).toHaveValue('');
  });

  test('stays when the present one is wrong, which is said at its field', async () => {
    const detail = 'This is not your present password.';
    server.use(
      http.put('/api/v1/session/password', () =>
        refusal(422, 'invalid', 'Some of what you sent cannot be used', [
          { pointer: '#/current_password', code: 'wrong_password', detail },
        ]),
      ),
    );
    const { user } = renderApp('/settings/account');

    await change(user);

    expect(await screen.findByRole('alert')).toHaveTextContent(`Present password: ${detail}`);
    expect(screen.getByLabelText('Present password')).toBeInvalid();
  });
});

describe('the e-mail address', () => {
  const unconfirmed = () =>
    server.use(
      http.get('/api/v1/session', () =>
        HttpResponse.json({ ...session, user: { ...session.user, email_verified: false } }),
      ),
    );

  test('that is confirmed says so and asks for nothing', async () => {
    renderApp('/settings/account');

    expect(await screen.findByText('Confirmed')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Send the mail again' })).not.toBeInTheDocument();
  });

  test('that is not confirmed gets its mail once more', async () => {
    unconfirmed();
    server.use(
      http.post('/api/v1/session/email-verifications', () =>
        HttpResponse.json({ email: 'mere@kauri.example' }, { status: 202 }),
      ),
    );
    const { user } = renderApp('/settings/account');
    expect(await screen.findByText('Not confirmed yet')).toBeVisible();

    await user.click(screen.getByRole('button', { name: 'Send the mail again' }));

    expect(await screen.findByText('A mail is on its way to mere@kauri.example.')).toBeVisible();
  });

  test('cannot be confirmed where mail is not set up, in words for a person', async () => {
    unconfirmed();
    server.use(
      http.post('/api/v1/session/email-verifications', () =>
        refusal(409, 'mail_not_set_up', 'This installation sends no mail'),
      ),
    );
    const { user } = renderApp('/settings/account');

    await user.click(await screen.findByRole('button', { name: 'Send the mail again' }));

    expect(await screen.findByRole('alert')).toHaveTextContent('Mail isn’t set up here');
  });
});

describe('the browsers in which somebody is signed in', () => {
  test('are ended one by one', async () => {
    const { user } = renderApp('/settings/account');
    const table = await screen.findByRole('table', { name: 'Where you are signed in' });

    await user.click(within(table).getByRole('button', { name: /^Sign out Safari on iPhone/ }));

    expect(await screen.findByText('Safari on iPhone is signed out')).toBeVisible();
    await waitFor(() => expect(within(table).queryByText('Safari on iPhone')).not.toBeInTheDocument());
    expect(within(table).getByText('Firefox on Windows')).toBeVisible();
  });

  test('include this one, which leaves as the menu does', async () => {
    let left = 0;
    server.use(
      http.delete('/api/v1/session', () => {
        left += 1;
        return refusal(503, 'temporarily_unavailable', 'Busy');
      }),
    );
    const { user } = renderApp('/settings/account');

    await user.click(await screen.findByRole('button', { name: /^Sign out this browser/ }));

    await waitFor(() => expect(left).toBe(1));
    expect(await screen.findByRole('alert')).toHaveTextContent('Jobtally is busy');
  });
});

test('mails about the business are turned off by one switch', async () => {
  const sent: unknown[] = [];
  server.use(
    http.put('/api/v1/session/mails', async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...session, wants_mail: false });
    }),
  );
  const { user } = renderApp('/settings/account#mails');

  const mails = await screen.findByRole('switch', { name: /^Mails about Kauri Plumbing/ });
  expect(mails).toBeChecked();
  await user.click(mails);

  await waitFor(() => expect(mails).not.toBeChecked());
  expect(sent).toEqual([{ wants_mail: false }]);
});
