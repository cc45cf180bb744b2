import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test, vi } from 'vitest';
import type { Connection } from '@/api/types';
import * as leave from '@/lib/leave';
import { connection, session } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

const inState = (change: Partial<Connection>) =>
  server.use(http.get('/api/v1/connections/xero', () => HttpResponse.json({ ...connection, ...change })));

const card = async (name: RegExp | string) => screen.findByRole('region', { name });

describe('the Xero card', () => {
  test.each([
    ['not_connected', 'Not connected', 'Connect to Xero'],
    ['connecting', 'Waiting for you to finish in Xero', 'Start again'],
    ['needs_reconnect', 'Xero has signed us out', 'Reconnect'],
    ['removed', 'Kauri Plumbing Ltd removed Jobtally in Xero', 'Reconnect'],
  ] as const)('says in words that it is %s, and offers the way on', async (state, words, button) => {
    inState({ state });

    renderApp('/settings/connections');

    expect(within(await card(words)).getByRole('button', { name: button })).toBeVisible();
  });

  test('names the organisation once connected, and offers no second connection', async () => {
    renderApp('/settings/connections');

    const connected = await card('Connected to Kauri Plumbing Ltd');
    expect(within(connected).getByText(/by Mere Hohepa/)).toBeVisible();
    expect(within(connected).queryByRole('button', { name: /onnect to Xero/ })).not.toBeInTheDocument();
  });

  test('says what works, and when each kind was last copied', async () => {
    const at = new Date(Date.now() - 5 * 60_000).toISOString();
    inState({
      checked_at: at,
      last_sync: [
        { kind: 'contact_push', at, next_at: '2026-11-25T02:40:00Z' },
        { kind: 'accounts', at, next_at: null },
        { kind: 'documents', at: null, next_at: null },
      ],
    });

    renderApp('/settings/connections');

    const connected = await card('Connected to Kauri Plumbing Ltd');
    expect(connected).toHaveTextContent(/Xeroanswerschecked 5 min ago/);
    expect(connected).toHaveTextContent(/Contact pushnext at 3:40 pmlast 5 min ago/);
    expect(connected).toHaveTextContent(/Calls today214of 5,000 that Xero takes/);
    const row = (name: RegExp) => screen.getByRole('row', { name });
    expect(row(/^Accounting codes/)).toHaveTextContent('5 min ago');
    expect(row(/^What’s in Xero already/)).toHaveTextContent('not yet');
  });

  test('says what a person has to do when Xero refuses our calls', async () => {
    inState({
      problem: {
        code: 'xero_right_missing',
        title: 'The Xero user lacks a right in Xero',
        detail: 'Aroha Demo, who gave the consent, may not do this in Kauri Plumbing Ltd.',
        pointer: null,
        fix: { label: 'Reconnect to Xero', href: '/settings/connections/xero' },
        source: 'xero',
        xero_message: 'You may not create invoices.',
        choices: [],
      },
    });

    renderApp('/settings/connections');

    const shown = await card('The Xero user lacks a right in Xero');
    expect(shown).toHaveTextContent(/Aroha Demo.*Xero says: “You may not create invoices.”/);
    expect(within(shown).getByRole('button', { name: 'Reconnect' })).toBeVisible();
  });

  test('offers nothing to somebody who may not connect', async () => {
    server.use(http.get('/api/v1/session', () => HttpResponse.json({ ...session, role: 'member' })));
    inState({ state: 'not_connected' });

    renderApp('/settings/connections');

    const shown = await card('Not connected');
    expect(within(shown).queryByRole('button')).not.toBeInTheDocument();
    expect(shown).toHaveTextContent('An administrator of your business can change this.');
  });

  test('leads the whole page to Xero', async () => {
    const left = vi.spyOn(leave, 'leaveTo').mockImplementation(() => {});
    inState({ state: 'not_connected' });
    server.use(
      http.post('/api/v1/connections/xero/authorizations', () =>
        HttpResponse.json({ authorize_url: 'https://login.example/authorize?state=x' }, { status: 201 }),
      ),
    );
    const { user } = renderApp('/settings/connections');

    await user.click(await screen.findByRole('button', { name: 'Connect to Xero' }));

    await waitFor(() => expect(left).toHaveBeenCalledWith('https://login.example/authorize?state=x'));
  });
});

describe('coming back from Xero', () => {
  test('without access says that nothing was connected', async () => {
    inState({ state: 'not_connected' });

    renderApp('/settings/connections/xero?problem=access_denied');

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'You didn’t allow access, so nothing was connected',
    );
  });

  test('with a code nobody knows still says what is safe', async () => {
    renderApp('/settings/connections/xero?problem=brand_new');

    expect(await screen.findByRole('alert')).toHaveTextContent(/Nothing was changed.*brand_new/);
  });

  test('with several organisations lets one be chosen', async () => {
    const chosen: unknown[] = [];
    inState({
      state: 'connecting',
      organisation_id: null,
      organisation_name: null,
      organisation_choice_due: true,
    });
    server.use(
      http.get('/api/v1/connections/xero/organisations', () =>
        HttpResponse.json({
          items: [
            { organisation_id: 'a', organisation_name: 'Kauri Plumbing Ltd', is_present: true },
            { organisation_id: 'b', organisation_name: 'Kauri Holdings', is_present: false },
          ],
        }),
      ),
      http.put('/api/v1/connections/xero/organisation', async ({ request }) => {
        chosen.push(await request.json());
        return HttpResponse.json(connection);
      }),
    );
    const { user } = renderApp('/settings/connections/xero');

    await user.click(await screen.findByRole('radio', { name: 'Kauri Holdings' }));
    await user.click(screen.getByRole('button', { name: 'Use this organisation' }));

    await waitFor(() => expect(chosen).toEqual([{ organisation_id: 'b' }]));
  });

  test('to another organisation than before asks for its name, and tells two of one name apart', async () => {
    const chosen: unknown[] = [];
    const facts = { country_code: 'AU', currency: 'AUD', organisation_name: 'Wattle Electrical' };
    inState({ organisation_id: 'a', organisation_choice_due: true });
    server.use(
      http.get('/api/v1/connections/xero/organisations', () =>
        HttpResponse.json({
          items: [
            {
              ...facts,
              organisation_id: 'b',
              is_present: false,
              short_code: '!b',
              created: '2019-04-01T00:00:00Z',
            },
            { ...facts, organisation_id: 'c', is_present: false, short_code: '!c', created: null },
          ],
        }),
      ),
      http.put('/api/v1/connections/xero/organisation', async ({ request }) => {
        const body = (await request.json()) as { confirm_switch?: string };
        chosen.push(body);
        return body.confirm_switch
          ? HttpResponse.json(connection)
          : refusal(409, 'other_organisation', 'Your invoices went to another organisation');
      }),
    );
    const { user } = renderApp('/settings/connections/xero');

    expect(await card('You have to choose')).toBeVisible();
    expect(await screen.findByText('AU · AUD · !c')).toBeVisible();
    await user.click(screen.getByRole('radio', { description: 'AU · AUD · created in 2019 · !b' }));
    await user.click(screen.getByRole('button', { name: 'Use this organisation' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'You chose a different organisation' }));
    expect(
      dialog.getByText('What you sent stays in Kauri Plumbing Ltd. Jobtally stops following it.'),
    ).toBeVisible();
    expect(dialog.getByText(/The books of Wattle Electrical are in AUD/)).toBeVisible();
    await waitFor(() =>
      expect(dialog.getByRole('button', { name: 'Reconnect to Kauri Plumbing Ltd' })).toHaveFocus(),
    );
    const switching = dialog.getByRole('button', { name: 'Switch for good' });
    await user.type(dialog.getByRole('textbox'), 'Wattle Elec');
    expect(switching).toBeDisabled();
    await user.type(dialog.getByRole('textbox'), 'trical');
    await user.click(switching);

    await waitFor(() =>
      expect(chosen).toEqual([
        { organisation_id: 'b' },
        { organisation_id: 'b', confirm_switch: 'Wattle Electrical' },
      ]),
    );
  });
});

describe('disconnecting', () => {
  test('never happens on one click, and the first button of the dialog keeps the connection', async () => {
    let ended = 0;
    server.use(
      http.delete('/api/v1/connections/xero', () => {
        ended += 1;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = renderApp('/settings/connections');
    await user.click(await screen.findByRole('button', { name: 'Disconnect' }));

    const dialog = await screen.findByRole('dialog', { name: 'Disconnect from Xero?' });
    expect(within(dialog).getByText(/Your settings, codes .* stay here/)).toBeVisible();
    await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Keep connected' })).toHaveFocus());
    expect(ended).toBe(0);

    await user.click(within(dialog).getByRole('button', { name: 'Disconnect' }));
    await waitFor(() => expect(ended).toBe(1));
  });

  test('that did not work says so and leaves the dialog open', async () => {
    server.use(
      http.delete('/api/v1/connections/xero', () => refusal(503, 'xero_unavailable', 'Xero isn’t answering')),
    );
    const { user } = renderApp('/settings/connections');
    await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
    const dialog = await screen.findByRole('dialog');

    await user.click(within(dialog).getByRole('button', { name: 'Disconnect' }));

    expect(await within(dialog).findByRole('alert')).toHaveTextContent('Xero isn’t answering');
  });
});
