import assert from 'node:assert/strict';

/** A session of the public API beside the page, with the page's own cookie. */
const sender = (page, url) => async (path, body) => {
  const reply = await page.request.post(`${url}/api/v1${path}`, { data: body, headers: { Origin: url } });
  assert.ok(reply.ok(), `${path}: ${reply.status()} ${await reply.text()}`);
  return reply.json();
};

const line = (description, unit_price) => ({ description, quantity: '1', unit_price });

/** Two customers, a supplier, and drafts of both kinds of invoice, as a job system would put them in. */
export async function seed(page, url) {
  const send = sender(page, url);
  const { business } = await (await page.request.get(`${url}/api/v1/session`)).json();
  const contacts = await send('/contacts/batch', {
    items: [
      {
        external_id: 'C-1',
        kind: 'company',
        name: 'Kōwhai Dental Ltd',
        roles: ['customer'],
        email: 'a@kowhai.example',
      },
      { external_id: 'C-2', kind: 'person', first_name: 'Mere', last_name: 'Hohepa', roles: ['customer'] },
      { external_id: 'S-1', kind: 'company', name: 'Copper & Co', roles: ['supplier'] },
    ],
  });
  const [dental, mere, copper] = contacts.results.map((one) => one.id);
  const draft = (external_id, number, contact_id, kind, lines) => ({
    external_id,
    kind,
    number,
    contact_id,
    issued_on: '2026-11-20',
    due_on: '2026-12-20',
    currency: business.currency,
    amounts: 'exclusive',
    lines,
  });
  const invoices = await send('/invoices/batch', {
    items: [
      draft('I-1', 'INV-1001', dental, 'customer', [
        line('Hot water cylinder', '1240.00'),
        line('Labour', '380.50'),
      ]),
      draft('I-2', 'INV-1002', mere, 'customer', [line('Blocked drain call-out', '189.95')]),
      draft('I-3', 'INV-1003', dental, 'customer', [line('Quarterly maintenance', '450.00')]),
      draft('I-4', 'INV-1004', mere, 'customer', [
        { ...line('Tap washers', '42.10'), accounting_code: '999' },
      ]),
      draft('B-1', 'CC-77', copper, 'supplier', [line('Copper pipe 15 mm', '96.40')]),
    ],
  });
  const wrong = [...contacts.results, ...invoices.results].filter((one) => one.status === 'rejected');
  assert.deepEqual(wrong, []);
}
