import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { Invoice } from '@/api/types';
import { goes } from '@/testing/checks';
import {
  candidateAt,
  check,
  codes,
  costCenter,
  counts,
  inFull,
  invoiceAt,
  link,
  problem,
  run,
  session,
} from '@/testing/fixtures';
import { watchList } from '@/testing/invoices';
import { renderApp } from '@/testing/render-app';
import { refusal, server } from '@/testing/server';

const showInvoices = (...invoices: Invoice[]) => {
  watchList(invoices);
  server.use(
    http.get('/api/v1/invoices/:id', ({ params }) => {
      const invoice = invoices.find(({ id }) => id === params.id);
      return invoice && HttpResponse.json(invoice, { headers: { ETag: '"7"' } });
    }),
  );
};

/** What was sent to change an invoice, and under which version. */
function watchChanges(answer: () => Response = () => HttpResponse.json(inFull(invoiceAt(1)))) {
  const changes: { body: Record<string, unknown>; ifMatch: string | null }[] = [];
  server.use(
    http.patch('/api/v1/invoices/inv_1', async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      changes.push({ body, ifMatch: request.headers.get('If-Match') });
      return answer();
    }),
  );
  return changes;
}

const withProblem = (change: Partial<typeof problem>) =>
  inFull(invoiceAt(1, { problems: [{ ...problem, fix: null, ...change }] }));

describe('the panel', () => {
  test('approves a draft', async () => {
    const draft = invoiceAt(1, { status: 'draft' });
    watchList([draft]);
    let approved = false;
    server.use(
      http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(approved ? invoiceAt(1) : draft))),
      http.put('/api/v1/invoices/inv_1/approval', () => {
        approved = true;
        return HttpResponse.json(inFull(invoiceAt(1)));
      }),
    );
    const { user } = renderApp('/invoices?view=draft&open=inv_1');

    await user.click(await screen.findByRole('button', { name: 'Approve' }));

    expect(await screen.findByRole('button', { name: 'Export to Xero' })).toBeEnabled();
  });

  test('gives the focus back to its row when it is closed', async () => {
    showInvoices(inFull(invoiceAt(1)), inFull(invoiceAt(2)));
    const { user } = renderApp('/invoices');
    await user.click(await screen.findByRole('button', { name: 'INV-2' }));
    await screen.findByRole('heading', { name: 'INV-2' });

    await user.keyboard('{Escape}');

    await waitFor(() => expect(screen.getByRole('button', { name: 'INV-2' })).toHaveFocus());
    expect(screen.queryByRole('heading', { name: 'INV-2' })).not.toBeInTheDocument();
  });

  test('is closed by Back, which then leads to the page before the list', async () => {
    showInvoices(inFull(invoiceAt(1)), inFull(invoiceAt(2)));
    const { user, router } = renderApp('/contacts');
    await user.click(await screen.findByRole('link', { name: /Customer invoices/ }));
    await user.click(await screen.findByRole('button', { name: 'INV-1' }));
    await user.click(await screen.findByRole('button', { name: 'Next invoice' }));
    await screen.findByRole('heading', { name: 'INV-2' });

    router.history.back();
    await waitFor(() => expect(screen.queryByRole('heading', { name: 'INV-2' })).not.toBeInTheDocument());
    expect(router.state.location.pathname).toBe('/invoices');

    router.history.back();
    await waitFor(() => expect(router.state.location.pathname).toBe('/contacts'));
  });

  test('that was closed by its button is not opened again by Back', async () => {
    showInvoices(inFull(invoiceAt(1)));
    const { user, router } = renderApp('/contacts');
    await user.click(await screen.findByRole('link', { name: /Customer invoices/ }));
    await user.click(await screen.findByRole('button', { name: 'INV-1' }));
    await user.click(await screen.findByRole('button', { name: 'Close details' }));
    await waitFor(() => expect(screen.queryByRole('heading', { name: 'INV-1' })).not.toBeInTheDocument());

    router.history.back();

    await waitFor(() => expect(router.state.location.pathname).toBe('/contacts'));
  });

  test('that an address opened leaves the list behind when it is closed', async () => {
    showInvoices(inFull(invoiceAt(1)));
    const { user, router } = renderApp('/invoices?view=all&open=inv_1');

    await user.click(await screen.findByRole('button', { name: 'Close details' }));

    await waitFor(() => expect(router.state.location.search).toEqual({ view: 'all' }));
  });
});

describe('remarks in the panel', () => {
  test('need a look until they are marked as read', async () => {
    const remark = {
      ...problem,
      code: 'stored_differently',
      title: 'Xero stored something otherwise',
      fix: null,
    };
    const unread = invoiceAt(1, { export_state: 'exported', remarks: [remark] });
    const read = { ...unread, remarks_read_at: '2026-11-22T02:00:00Z' };
    let isRead = false;
    server.use(
      http.get('/api/v1/invoices', () =>
        HttpResponse.json({ items: [isRead ? read : unread], next_cursor: null }),
      ),
      http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(inFull(isRead ? read : unread))),
      http.get('/api/v1/invoices/counts', () =>
        HttpResponse.json({ ...counts, customer: { ...counts.customer, needs_attention: isRead ? 0 : 1 } }),
      ),
      http.put('/api/v1/invoices/inv_1/remarks/read-marker', () => {
        isRead = true;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = renderApp('/invoices?view=attention&open=inv_1');
    expect(await screen.findByRole('tab', { name: /Needs attention.*1/ })).toBeVisible();

    await user.click(await screen.findByRole('button', { name: 'Mark as read' }));

    await waitFor(() =>
      expect(screen.queryByRole('button', { name: 'Mark as read' })).not.toBeInTheDocument(),
    );
    expect(screen.getByRole('note')).toHaveTextContent('Xero stored something otherwise');
    await waitFor(() =>
      expect(screen.queryByRole('tab', { name: /Needs attention.*1/ })).not.toBeInTheDocument(),
    );
  });
});

describe('a problem with choices', () => {
  const choices = [
    { code: 'was_sent', label: 'It is in Xero', document: null },
    { code: 'was_not_sent', label: 'It isn’t in Xero', document: null },
  ];
  const doubtful = invoiceAt(1, {
    export_state: 'checking',
    problems: [{ ...problem, code: 'outcome_unknown', title: 'We don’t know whether Xero took it', choices }],
  });

  test('is answered after a dialog that states the risk', async () => {
    const answers: unknown[] = [];
    watchList([doubtful]);
    server.use(
      http.get('/api/v1/invoices/inv_1', () =>
        HttpResponse.json(inFull(answers.length > 0 ? invoiceAt(1) : doubtful)),
      ),
      http.put('/api/v1/invoices/inv_1/answers/outcome_unknown', async ({ request }) => {
        answers.push(await request.json());
        return HttpResponse.json(inFull(invoiceAt(1)));
      }),
    );
    const { user } = renderApp('/invoices?view=attention&open=inv_1');
    expect(await screen.findByText('Needs an answer')).toBeVisible();

    await user.click(await screen.findByRole('button', { name: 'It isn’t in Xero' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/in Xero twice/)).toBeVisible();
    expect(answers).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'It isn’t in Xero' }));

    await waitFor(() => expect(screen.queryByRole('note')).not.toBeInTheDocument());
    expect(answers).toEqual([{ choice: 'was_not_sent' }]);
  });

  test('leaves the answer to an administrator', async () => {
    showInvoices(inFull(doubtful));
    server.use(http.get('/api/v1/session', () => HttpResponse.json({ ...session, role: 'member' })));
    renderApp('/invoices?view=attention&open=inv_1');

    expect(await screen.findByText('An administrator of your business can answer this.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'It is in Xero' })).not.toBeInTheDocument();
  });
});

describe('a problem in the panel', () => {
  test('shows what Xero said, and links to where it is fixed when no value fixes it', async () => {
    const fix = { label: 'Open lock dates', href: '/settings/connections' };
    showInvoices(withProblem({ code: 'period_locked', source: 'xero', xero_message: 'Locked.', fix }));

    renderApp('/invoices?open=inv_1');

    const note = within(await screen.findByRole('note'));
    expect(note.getByText('Xero says: “Locked.”')).toBeVisible();
    expect(note.getByRole('link', { name: 'Open lock dates' })).toBeVisible();
  });

  test('of a missing due date takes the date there, as it is usually written', async () => {
    showInvoices(withProblem({ code: 'due_date_missing', title: 'Add a due date', pointer: '#/due_on' }));
    const changes = watchChanges();
    const { user } = renderApp('/invoices?open=inv_1');
    const field = await screen.findByRole('textbox', { name: 'Due date' });
    expect(field).toHaveValue('20 Dec 2026');

    await user.clear(field);
    await user.type(field, '5/1/27');
    await user.tab();
    await user.click(screen.getByRole('button', { name: 'Set due date' }));

    await waitFor(() => expect(changes).toEqual([{ body: { due_on: '2027-01-05' }, ifMatch: '"7"' }]));
  });

  test('leaves the focus in the panel when it is fixed and its field is gone', async () => {
    const broken = withProblem({ code: 'due_date_missing', pointer: '#/due_on' });
    showInvoices(broken);
    watchChanges(() => {
      showInvoices(inFull(invoiceAt(1)));
      return HttpResponse.json(inFull(invoiceAt(1)));
    });
    const { user } = renderApp('/invoices?open=inv_1');

    await user.click(await screen.findByRole('button', { name: 'Set due date' }));

    await waitFor(() => expect(screen.queryByRole('note')).not.toBeInTheDocument());
    expect(screen.getByRole('heading', { name: 'INV-1' })).toHaveFocus();
  });

  test('of a code proposes the default, and changes that line alone', async () => {
    const broken = withProblem({ code: 'account_code_unknown', pointer: '#/lines/0' });
    const unknown = broken.lines.map((line) => ({ ...line, accounting_code: '229' }));
    showInvoices({ ...broken, lines: [...unknown, ...broken.lines] });
    const changes = watchChanges();
    const { user } = renderApp('/invoices?open=inv_1');
    const field = await screen.findByRole('combobox', { name: 'Accounting code' });
    await waitFor(() => expect(field).toHaveValue(`${codes[0]?.code} ${codes[0]?.name}`));
    expect(screen.getByText('Your default')).toBeVisible();

    await user.click(screen.getByRole('button', { name: 'Set code' }));

    await waitFor(() => expect(changes).toHaveLength(1));
    const lines = changes[0]?.body.lines as Record<string, unknown>[];
    expect(lines.map((line) => line.accounting_code)).toEqual(['200', null]);
    expect(lines[0]).not.toHaveProperty('line_amount');
  });

  test('that cannot be fixed yet says why beside the field', async () => {
    showInvoices(withProblem({ code: 'due_date_missing', pointer: '#/due_on' }));
    watchChanges(() => refusal(409, 'invoice_in_export', 'The invoice is on its way to the ledger'));
    const { user } = renderApp('/invoices?open=inv_1');

    await user.click(await screen.findByRole('button', { name: 'Set due date' }));

    expect(await screen.findByRole('alert')).toHaveTextContent('The invoice is on its way to the ledger');
  });
});

describe('what stands against an invoice', () => {
  const spelled = (line: number) => ({
    ...problem,
    fix: null,
    title: 'A cost centre isn’t in Xero',
    detail: `Line ${line}: “EastSide” isn't in Region. Did you mean “Eastside”?`,
    pointer: `#/lines/${line - 1}/cost_center_id`,
  });
  const eastSide = { ...costCenter, name: 'EastSide', option_name: 'Eastside', match: 'spelled_differently' };
  const broken = inFull(invoiceAt(1, { problems: [spelled(1), spelled(2)] }));
  const lines = [...broken.lines, ...broken.lines].map((line) => ({ ...line, cost_center_id: 'cos_1' }));

  /** A business whose cost centre is spelled otherwise in Xero, until it is renamed. */
  function watchSpelling() {
    const names: unknown[] = [];
    const isRight = () => names.at(-1) === 'Eastside';
    const center = () =>
      isRight() ? { ...costCenter, name: 'Eastside', option_name: 'Eastside' } : eastSide;
    const invoice = () => ({ ...broken, lines, problems: isRight() ? [] : broken.problems });
    watchList([broken]);
    server.use(
      http.get('/api/v1/invoices/inv_1', () => HttpResponse.json(invoice(), { headers: { ETag: '"7"' } })),
      http.get('/api/v1/cost-centers', () => HttpResponse.json({ items: [center()], next_cursor: null })),
      http.get('/api/v1/cost-centers/cos_1', () => HttpResponse.json(center())),
      http.patch('/api/v1/cost-centers/cos_1', async ({ request }) => {
        names.push(((await request.json()) as { name: string }).name);
        return HttpResponse.json(center());
      }),
    );
    return names;
  }

  test('is said once for all lines with the same cause, and the wrong value is marked on each of them', async () => {
    watchSpelling();
    renderApp('/invoices?open=inv_1');

    expect(await screen.findByText("Lines 1 and 2: “EastSide” isn't in Region")).toBeVisible();
    expect(screen.getByText('Fix 1 thing to export')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Export to Xero' })).toBeDisabled();
    await waitFor(() =>
      expect(document.querySelectorAll('.invoice-line-detail [data-wrong]')).toHaveLength(2),
    );
  });

  test('is fixed by taking over the spelling of Xero, and Undo takes that back', async () => {
    const names = watchSpelling();
    const { user } = renderApp('/invoices?open=inv_1');

    await user.click(await screen.findByRole('button', { name: 'Use Eastside' }));

    await waitFor(() => expect(screen.getByRole('button', { name: 'Export to Xero' })).toBeEnabled());
    expect(names).toEqual(['Eastside']);
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(names).toEqual(['Eastside', 'EastSide']));
  });
});

describe('a date in a locked period', () => {
  const locked = {
    ...inFull(invoiceAt(1, { issued_on: '2026-09-20', due_on: '2026-10-20' })),
    problems: [
      {
        ...problem,
        code: 'period_locked',
        pointer: '#/issued_on',
        fix: { label: 'Open the invoice', href: '/invoices?view=all&open=inv_1' },
      },
    ],
  };

  test('is changed in place, with what that does, and Undo brings the old one back', async () => {
    const dates: unknown[] = [];
    showInvoices(locked);
    server.use(
      http.patch('/api/v1/invoices/inv_1', async ({ request }) => {
        dates.push(await request.json());
        return HttpResponse.json({ ...locked, approval_withdrawn: false }, { headers: { ETag: '"8"' } });
      }),
    );
    const { user } = renderApp('/invoices?open=inv_1');
    const field = await screen.findByRole('textbox', { name: 'Invoice date' });
    expect(screen.queryByRole('link', { name: 'Open the invoice' })).toBeNull();

    await user.clear(field);
    await user.type(field, '1 Oct 2026');
    expect(await screen.findByText(/It stays due on 20 Oct 2026/)).toBeVisible();
    await user.clear(field);
    await user.type(field, '2 Nov 2026{Tab}');
    expect(screen.getByText(/Its due date, 20 Oct 2026, is earlier/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Change date' }));

    expect(await screen.findByText('Date changed for INV-1')).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(dates).toEqual([{ issued_on: '2026-11-02' }, { issued_on: '2026-09-20' }]));
  });
});

describe('the parts of the panel', () => {
  const preview = {
    invoice_id: 'inv_1',
    method: 'PUT',
    path: '/Invoices',
    element: {
      Contact: { ContactID: null },
      Reference: 'J4107, 12 Pūriri Road',
      LineItems: [{ Description: 'Labour', Quantity: '2.5000', UnitAmount: '40.0000', AccountCode: '200' }],
    },
    element_json: '{"LineItems":[{"Quantity":2.5000,"UnitAmount":40.0000}]}',
    sent_at: null as string | null,
    sent_call: null,
    expected_total: '115.00',
    not_marked_as_sent: null,
    problems: [],
  };

  test('show what will go to Xero, as a document and as the call contains it', async () => {
    showInvoices(inFull(invoiceAt(1)));
    server.use(http.get('/api/v1/invoices/inv_1/xero-preview', () => HttpResponse.json(preview)));
    const { user } = renderApp('/invoices?open=inv_1');

    await user.click(await screen.findByRole('tab', { name: 'Xero preview' }));
    expect(await screen.findByRole('heading', { name: 'What will go to Xero' })).toBeVisible();
    expect(await screen.findByText('J4107, 12 Pūriri Road')).toBeVisible();
    expect(screen.getByText('Fenwick Builders, new in Xero')).toBeVisible();

    await user.click(screen.getByRole('radio', { name: 'Exact bytes' }));
    expect(await screen.findByText(/"Quantity": 2\.5000,/)).toBeVisible();
    expect(screen.getByText(/Not the final bytes yet: .* in place of “null”/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await navigator.clipboard.readText()).toBe(preview.element_json);
  });

  test('say that the bytes are no longer kept, and give their hash and ids', async () => {
    const sent_call = {
      bytes_kept: false,
      sha256: '9f86d081',
      idempotency_key: '5e884898',
      place: 37,
      correlation_id: 'd1a4f0c2',
    };
    const erased = { ...preview, element: {}, element_json: '', sent_at: '2026-08-21T02:00:00Z', sent_call };
    showInvoices(inFull(invoiceAt(1, { export_state: 'exported', exported_at: '2026-08-21T02:00:00Z' })));
    server.use(http.get('/api/v1/invoices/inv_1/xero-preview', () => HttpResponse.json(erased)));
    const { user } = renderApp('/invoices?open=inv_1');

    await user.click(await screen.findByRole('tab', { name: 'Xero preview' }));
    expect(await screen.findByText(/The exact bytes are no longer kept/)).toBeVisible();
    for (const known of ['9f86d081', '5e884898', 'd1a4f0c2', '37'])
      expect(screen.getByText(known)).toBeVisible();
    expect(screen.queryByRole('radio', { name: 'Exact bytes' })).toBeNull();
  });

  test('name what went there once it is exported, and who did what with it before', async () => {
    const sent = { ...preview, sent_at: '2026-11-21T02:00:00Z' };
    showInvoices(inFull(invoiceAt(1, { export_state: 'exported', exported_at: '2026-11-21T02:00:00Z' })));
    server.use(
      http.get('/api/v1/invoices/inv_1/xero-preview', () => HttpResponse.json(sent)),
      http.get('/api/v1/invoices/inv_1/history', () =>
        HttpResponse.json({
          items: [
            {
              id: 'aud_1',
              created_at: '2026-11-20T02:00:00Z',
              actor: 'usr_1',
              actor_name: 'Sam Reid',
              action: 'invoices.approve',
              outcome: 'done',
              details: {},
            },
          ],
          next_cursor: null,
        }),
      ),
    );
    const { user } = renderApp('/invoices?view=all&open=inv_1');

    await user.click(await screen.findByRole('tab', { name: 'Xero preview' }));
    expect(await screen.findByRole('heading', { name: 'What went to Xero' })).toBeVisible();
    await user.click(screen.getByRole('tab', { name: 'History' }));

    const [latest, first] = await screen.findAllByRole('listitem').then((items) => items.slice(-2));
    expect(latest).toHaveTextContent('Exported to Xero');
    expect(first).toHaveTextContent(/Approved.*Sam Reid/);
  });

  test('list an export once, with who started it, and an unknown action by its own name', async () => {
    showInvoices(inFull(invoiceAt(1, { export_state: 'exported', exported_at: '2026-11-21T02:00:00Z' })));
    const event = { actor: 'system', actor_name: 'Jobtally', outcome: 'done', details: {} };
    server.use(
      http.get('/api/v1/exports/exp_1', () => HttpResponse.json(run)),
      http.get('/api/v1/invoices/inv_1/history', () =>
        HttpResponse.json({
          items: [
            { ...event, id: 'aud_2', created_at: '2026-11-21T02:00:01Z', action: 'invoices.sent_back' },
            {
              ...event,
              id: 'aud_1',
              created_at: '2026-11-21T02:00:00Z',
              action: 'invoice.exported',
              details: { run: 'exp_1' },
            },
          ],
          next_cursor: null,
        }),
      ),
    );
    const { user } = renderApp('/invoices?view=all&open=inv_1');

    await user.click(await screen.findByRole('tab', { name: 'History' }));

    expect(await screen.findByText(/Mere Hohepa$/)).toBeVisible();
    expect(screen.getAllByText('Exported to Xero')).toHaveLength(1);
    expect(screen.getByText('Sent back')).toBeVisible();
    expect(screen.queryByText('Changed')).not.toBeInTheDocument();
  });

  test('stay as they are while K and J lead through the list', async () => {
    showInvoices(inFull(invoiceAt(1)), inFull(invoiceAt(2)));
    server.use(
      http.get('/api/v1/invoices/:id/history', () => HttpResponse.json({ items: [], next_cursor: null })),
    );
    const { user } = renderApp('/invoices?open=inv_1');
    await screen.findByRole('heading', { name: 'INV-1' });
    await user.click(screen.getByRole('tab', { name: 'History' }));

    await user.keyboard('j');

    expect(await screen.findByRole('heading', { name: 'INV-2' })).toBeVisible();
    expect(screen.getByRole('tab', { name: 'History' })).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('k');
    expect(await screen.findByRole('heading', { name: 'INV-1' })).toBeVisible();
  });
});

test('the panel says whom in Xero the invoice goes to, and how that was decided', async () => {
  showInvoices(inFull(invoiceAt(1)));
  const { xero_contact } = candidateAt(1);
  const decided = { decided_by: 'email', evidence: ['email'], decided_at: '2026-11-03T02:00:00Z' };
  server.use(
    http.get('/api/v1/contacts/con_1/link', () =>
      HttpResponse.json({ ...link, ...decided, state: 'linked', xero_contact }),
    ),
  );
  renderApp('/invoices?open=inv_1');

  expect(await screen.findByText('same e-mail')).toBeVisible();
  expect(screen.getByText('Fenwick Builders 1')).toBeVisible();
});

test('the panel says that the contact is new in Xero, and which contact there is similar', async () => {
  showInvoices(inFull(invoiceAt(1)));
  const similar = { xero_contact_id: 'xero-1', name: 'Fenwick Build', agrees: ['phone' as const] };
  server.use(
    http.post('/api/v1/export-checks', () =>
      HttpResponse.json({ ...check, contacts: [goes(1, { possible_duplicates: [similar] })] }),
    ),
  );
  renderApp('/invoices?open=inv_1');

  const line = await screen.findByText(/Xero has a similar contact: Fenwick Build\./);
  expect(within(line).getByRole('link', { name: 'Choose' })).toHaveAttribute('href', '/contacts/con_1#link');
  expect(screen.getByText('Fenwick Builders, new in Xero')).toBeVisible();
  expect(screen.queryByText('Decided when it is exported')).not.toBeInTheDocument();
});

describe('the menu of an invoice', () => {
  test('leaves it out of exports, and Undo takes it in again', async () => {
    showInvoices(inFull(invoiceAt(1)));
    const asked: string[] = [];
    const remember = ({ request }: { request: Request }) => {
      asked.push(request.method);
      return HttpResponse.json(inFull(invoiceAt(1)));
    };
    server.use(
      http.put('/api/v1/invoices/inv_1/exclusion', remember),
      http.delete('/api/v1/invoices/inv_1/exclusion', remember),
    );
    const { user } = renderApp('/invoices?open=inv_1');

    await user.click(await screen.findByRole('button', { name: 'More for INV-1' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Leave out of exports' }));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));

    await waitFor(() => expect(asked).toEqual(['PUT', 'DELETE']));
  });
});
