import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test, vi } from 'vitest';
import { connection } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, refused, server } from '@/testing/server';

const CONFIRMATIONS = '/api/v1/session/confirmations';

/** The API refuses to connect until the right password came; gives the bodies it was sent. */
function lockedApi(password: string) {
  const sent = { passwords: [] as string[], authorizations: 0 };
  let confirmed = false;
  server.use(
    http.get('/api/v1/connections/xero', () => HttpResponse.json({ ...connection, state: 'not_connected' })),
    http.post(CONFIRMATIONS, async ({ request }) => {
      const body = (await request.json()) as { password: string };
      sent.passwords.push(body.password);
      if (body.password !== password) return refused('#/password', 'This is not your present password.');
      confirmed = true;
      return HttpResponse.json({ confirmed_until: '2026-11-26T09:00:00Z' }, { status: 201 });
    }),
    http.post('/api/v1/connections/xero/authorizations', () => {
      sent.authorizations += 1;
      if (!confirmed) return refusal(403, 'confirmation_required', 'Confirm this with your password');
      return HttpResponse.json({ authorize_url: 'https://login.example/authorize' }, { status: 201 });
    }),
  );
  return sent;
}

test('a refused request goes on after the password, and a wrong password can be corrected', async () => {
  const left = vi.spyOn(await import('@/lib/leave'), 'leaveTo').mockImplementation(() => {});
  const sent = lockedApi('correct horse');
  const { user } = renderApp('/settings/connections');

  await user.click(await screen.findByRole('button', { name: 'Connect to Xero' }));
  const dialog = await screen.findByRole('dialog', { name: 'Confirm with your password' });
  await user.type(within(dialog).getByLabelText('Password'), 'wrong');
  await user.click(within(dialog).getByRole('button', { name: 'Confirm' }));
  expect(await within(dialog).findByText('This is not your present password.')).toBeVisible();
  await user.clear(within(dialog).getByLabelText('Password'));
  await user.type(within(dialog).getByLabelText('Password'), 'correct horse');
  await user.click(within(dialog).getByRole('button', { name: 'Confirm' }));

  await waitFor(() => expect(left).toHaveBeenCalledWith('https://login.example/authorize'));
  expect(sent).toEqual({ passwords: ['wrong', 'correct horse'], authorizations: 2 });
});

test('who cancels sees why nothing happened', async () => {
  const sent = lockedApi('correct horse');
  const { user } = renderApp('/settings/connections');

  await user.click(await screen.findByRole('button', { name: 'Connect to Xero' }));
  const dialog = await screen.findByRole('dialog', { name: 'Confirm with your password' });
  await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));

  expect(await screen.findByText('This needs your password')).toBeVisible();
  expect(sent).toEqual({ passwords: [], authorizations: 1 });
});
