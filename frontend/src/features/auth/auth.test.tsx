import { screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, test } from 'vitest';
import { session } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, refused, server } from '@/testing/server';
import { watchSetUp } from '@/testing/set-up';

const signedOut = () => refusal(401, 'unauthenticated', 'Sign in first');

beforeEach(() => server.use(http.get('/api/v1/session', signedOut)));

const signInAs = async (user: ReturnType<typeof renderApp>['user']) => {
  await user.type(await screen.findByRole('textbox', { name: 'E-mail' }), 'mere@kauri.example');
  await user.type(screen.getByLabelText('Password'), 'four words of mine');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
};

describe('signing in', () => {
  test('leads back to the page that was asked for', async () => {
    server.use(http.post('/api/v1/session', () => HttpResponse.json(session, { status: 201 })));
    const { user, router } = renderApp('/contacts?role=supplier');

    await signInAs(user);

    await screen.findByRole('heading', { name: 'Contacts' });
    expect(router.state.location.href).toBe('/contacts?role=supplier');
  });

  test.each(['//evil.example/', '/\\evil.example/', 'https://evil.example/'])(
    'never leads out of the app (%s)',
    async (address) => {
      server.use(http.post('/api/v1/session', () => HttpResponse.json(session, { status: 201 })));
      const { user, router } = renderApp(`/sign-in?return_to=${encodeURIComponent(address)}`);

      await signInAs(user);

      await waitFor(() => expect(router.state.location.pathname).toBe('/home'));
    },
  );

  test('that is refused says so and keeps what was typed', async () => {
    server.use(
      http.post('/api/v1/session', () =>
        refusal(401, 'wrong_credentials', 'That e-mail and password don’t match', []),
      ),
    );
    const { user } = renderApp('/sign-in');

    await signInAs(user);

    expect(await screen.findByRole('alert')).toHaveTextContent('That e-mail and password don’t match');
    expect(screen.getByRole('textbox', { name: 'E-mail' })).toHaveValue('mere@kauri.example');
  });
});

describe('who is signed in already', () => {
  beforeEach(() => server.use(http.get('/api/v1/session', () => HttpResponse.json(session))));

  test.each([
    ['/sign-in', '/home'],
    ['/sign-up', '/home'],
    ['/sign-in?return_to=%2Fcontacts%3Frole%3Dsupplier', '/contacts?role=supplier'],
    ['/sign-in?return_to=https%3A%2F%2Fevil.example%2F', '/home'],
  ])('is led on from %s to %s', async (address, place) => {
    const { router } = renderApp(address);

    await waitFor(() => expect(router.state.location.href).toBe(place));
    expect(screen.queryByLabelText('Password')).toBeNull();
  });
});

describe('signing up', () => {
  test('leads to the set-up, whose first step is the connection with Xero', async () => {
    const sent: unknown[] = [];
    watchSetUp({ connection: { state: 'not_connected', organisation_name: null } });
    server.use(
      http.post('/api/v1/businesses', async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json(session, { status: 201 });
      }),
    );
    const { user } = renderApp('/sign-up');
    await user.type(await screen.findByRole('textbox', { name: 'Business name' }), 'Kōwhai Electrical');
    await user.click(screen.getByRole('radio', { name: 'Australia' }));
    await user.type(screen.getByRole('textbox', { name: 'Your name' }), 'Mere Hohepa');
    await user.type(screen.getByRole('textbox', { name: 'E-mail' }), 'mere@kauri.example');
    await user.type(screen.getByLabelText('Password'), 'four words of mine');

    await user.click(screen.getByRole('button', { name: 'Set up Kōwhai Electrical' }));

    expect(await screen.findByRole('button', { name: 'Connect to Xero' })).toBeVisible();
    expect(sent).toEqual([
      {
        business_name: 'Kōwhai Electrical',
        country: 'AU',
        name: 'Mere Hohepa',
        email: 'mere@kauri.example',
        password: 'four words of mine',
      },
    ]);
  });

  test('that is refused shows each fault at its field', async () => {
    server.use(http.post('/api/v1/businesses', () => refused('#/password', 'Use at least 12 characters.')));
    const { user } = renderApp('/sign-up');
    const password = await screen.findByLabelText('Password');
    await user.type(password, 'short');

    await user.click(screen.getByRole('button', { name: 'Set up my business' }));

    await waitFor(() => expect(password).toHaveFocus());
    expect(password).toBeInvalid();
    expect(screen.getByRole('alert')).toHaveTextContent('Password: Use at least 12 characters.');
  });

  test('with nothing filled in says what to enter, in the words of the form', async () => {
    const tooShort = { code: 'string_too_short', detail: 'This is empty. Write at least one character.' };
    server.use(
      http.post('/api/v1/businesses', () =>
        refusal(422, 'invalid', 'Some of what you sent cannot be used', [
          { pointer: '#/business_name', ...tooShort },
          { pointer: '#/name', ...tooShort },
          { pointer: '#/email', code: 'malformed_email', detail: 'Send an e-mail address.' },
        ]),
      ),
    );
    const { user } = renderApp('/sign-up');

    await user.click(await screen.findByRole('button', { name: 'Set up my business' }));

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Business name: Enter the business name.');
    expect(alert).toHaveTextContent('Your name: Enter your name.');
    expect(alert).toHaveTextContent('E-mail: Enter your e-mail address.');
  });
});

test('a session that ends while somebody works leads to sign-in and back', async () => {
  server.use(http.get('/api/v1/session', () => HttpResponse.json(session)));
  const { user, router } = renderApp('/contacts');
  await screen.findByText('Fenwick Builders');
  server.use(http.get('/api/v1/exports', signedOut));

  await user.click(screen.getByRole('link', { name: 'Exports' }));

  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(router.state.location.pathname).toBe('/sign-in');
});

describe('an invitation', () => {
  test('is taken up with the secret of its link, and an expired one says so', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post('/api/v1/invitations/acceptances', async ({ request }) => {
        sent.push(await request.json());
        return refusal(404, 'unknown_invitation', 'Ask for a new invitation.');
      }),
    );
    const { user } = renderApp('/invitation#s3cret');

    await user.type(await screen.findByRole('textbox', { name: 'Your name' }), 'Hemi Walker');
    await user.type(screen.getByLabelText('Password'), 'four words of mine');
    await user.click(screen.getByRole('button', { name: 'Join' }));

    expect(await screen.findByText(/Ask for a new invitation/)).toBeVisible();
    expect(sent).toEqual([{ token: 's3cret', name: 'Hemi Walker', password: 'four words of mine' }]);
  });

  test('leaves its secret neither in the address bar nor in the history', async () => {
    const { router } = renderApp('/invitation#s3cret');

    await screen.findByRole('button', { name: 'Join' });

    await waitFor(() => expect(router.state.location.href).toBe('/invitation'));
    expect(router.history.length).toBe(1);
  });
});

/** Remembers what is sent to an address that answers without a body. */
function watchPosts(path: string, answer: () => Response = () => new HttpResponse(null, { status: 204 })) {
  const sent: unknown[] = [];
  server.use(
    http.post(path, async ({ request }) => {
      sent.push(await request.json());
      return answer();
    }),
  );
  return sent;
}

const unusableLink = () =>
  refusal(422, 'invalid', 'Some of what you sent cannot be used', [
    { pointer: '#/token', code: 'link_unusable', detail: 'This link is unknown, used or expired.' },
  ]);

describe('a forgotten password', () => {
  const askForLink = async (byMail: boolean) => {
    const sent = watchPosts('/api/v1/password-resets', () =>
      HttpResponse.json({ by_mail: byMail }, { status: 202 }),
    );
    const { user } = renderApp('/sign-in');
    await user.click(await screen.findByRole('link', { name: 'Forgot your password?' }));
    await screen.findByRole('heading', { name: 'Forgot your password?' });
    await user.type(screen.getByRole('textbox', { name: 'E-mail' }), 'mere@kauri.example');
    await user.click(screen.getByRole('button', { name: 'Get a link' }));
    return sent;
  };

  test('leads to a mail, without telling whether the address has an account', async () => {
    const sent = await askForLink(true);

    expect(await screen.findByRole('status')).toHaveTextContent(
      'If mere@kauri.example has an account here, a link is on its way.',
    );
    expect(sent).toEqual([{ email: 'mere@kauri.example' }]);
  });

  test('leads to an administrator where mail is not set up', async () => {
    await askForLink(false);

    expect(await screen.findByRole('status')).toHaveTextContent(
      'Ask an administrator of your business for a link.',
    );
  });

  test('is replaced with the secret of the link, which leaves the address bar, and then one signs in', async () => {
    const sent = watchPosts('/api/v1/password-resets/acceptances');
    const { user, router } = renderApp('/password-reset#s3cret');
    await user.type(await screen.findByLabelText('New password'), 'four words of mine');
    expect(router.state.location.href).toBe('/password-reset');

    await user.click(screen.getByRole('button', { name: 'Change password' }));

    await user.click(await screen.findByRole('link', { name: 'Sign in with the new password' }));
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible();
    expect(sent).toEqual([{ token: 's3cret', password: 'four words of mine' }]);
  });

  test('needs a new link once the old one is used, and offers it', async () => {
    watchPosts('/api/v1/password-resets/acceptances', unusableLink);
    const { user } = renderApp('/password-reset#s3cret');
    await user.type(await screen.findByLabelText('New password'), 'four words of mine');

    await user.click(screen.getByRole('button', { name: 'Change password' }));

    expect(await screen.findByRole('alert')).toHaveTextContent('This link can’t be used any more');
    await user.click(screen.getByRole('button', { name: 'Get a new link' }));
    expect(await screen.findByRole('button', { name: 'Get a link' })).toBeVisible();
  });

  test('keeps its link when the new password is too short', async () => {
    watchPosts('/api/v1/password-resets/acceptances', () =>
      refused('#/password', 'Use at least 12 characters.'),
    );
    const { user } = renderApp('/password-reset#s3cret');
    const password = await screen.findByLabelText('New password');
    await user.type(password, 'short');

    await user.click(screen.getByRole('button', { name: 'Change password' }));

    expect(await screen.findByRole('alert')).toHaveTextContent('New password: Use at least 12 characters.');
    expect(password).toBeInvalid();
  });
});

describe('the mail that confirms an address', () => {
  test('confirms it by itself and leaves no secret in the address bar', async () => {
    const sent = watchPosts('/api/v1/email-verifications');
    const { router } = renderApp('/email-verification#s3cret');

    expect(await screen.findByText('Your e-mail address is confirmed')).toBeVisible();
    expect(sent).toEqual([{ token: 's3cret' }]);
    expect(router.state.location.href).toBe('/email-verification');
  });

  test('says so when its link is used already, and where to get another', async () => {
    watchPosts('/api/v1/email-verifications', unusableLink);
    renderApp('/email-verification#s3cret');

    expect(await screen.findByRole('alert')).toHaveTextContent('This link can’t be used any more');
    expect(screen.getByRole('link', { name: 'Open your account' })).toHaveAttribute(
      'href',
      '/settings/account',
    );
  });

  test('can be tried again when Jobtally was away', async () => {
    const answers = [() => new HttpResponse(null, { status: 503 })];
    watchPosts(
      '/api/v1/email-verifications',
      () => answers.pop()?.() ?? new HttpResponse(null, { status: 204 }),
    );
    const { user } = renderApp('/email-verification#s3cret');

    await user.click(await screen.findByRole('button', { name: 'Try again' }));

    expect(await screen.findByText('Your e-mail address is confirmed')).toBeVisible();
  });
});
