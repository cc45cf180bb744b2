import type {
  AccountingCode,
  Candidate,
  Connection,
  Contact,
  ContactImport,
  ContactLink,
  ContactPush,
  CostCenter,
  Export,
  ExportCheck,
  ExportItem,
  ImportItem,
  Invoice,
  InvoiceCounts,
  InvoiceGroup,
  InvoiceSummary,
  Item,
  JobStatus,
  KindCounts,
  Notification,
  Preferences,
  ResourceProblem,
  Session,
  StartedExport,
} from '@/api/types';

// Typed by the contract: a change of it that these do not follow fails the type check.

export const session: Session = {
  user: { id: 'usr_1', name: 'Mere Hohepa', email: 'mere@kauri.example', email_verified: true },
  business: { id: 'biz_1', name: 'Kauri Plumbing', country: 'NZ', currency: 'NZD' },
  businesses: [{ id: 'biz_1', name: 'Kauri Plumbing', country: 'NZ', role: 'admin' }],
  role: 'admin',
  wants_mail: true,
  scopes: [],
  locale: 'en-NZ',
  time_zone: 'Pacific/Auckland',
  support: { email: null, phone: null },
  xero_stand_in: false,
};

export const connection: Connection = {
  state: 'connected',
  organisation_id: 'org-1',
  organisation_name: 'Kauri Plumbing Ltd',
  connected_by: 'Mere Hohepa',
  connected_at: '2026-11-03T02:00:00Z',
  checked_at: '2026-11-22T02:00:00Z',
  organisation_choice_due: false,
  problem: null,
  reason: null,
  calls_today: 214,
  calls_per_day: 5000,
  last_sync: [],
};

export const preferences: Preferences = {
  person_name_format: 'first_last',
  send_payer_reference: false,
  contact_push_enabled: false,
  default_income_code: '200',
  default_expense_code: '310',
  tracking_category_id: null,
  reference_parts: ['job_number'],
  reference_on_bills: false,
  customer_invoice_status: 'DRAFT',
  supplier_invoice_status: 'DRAFT',
  default_sales_tax_type: null,
  default_purchase_tax_type: null,
  send_item_codes: false,
  mark_as_sent: false,
  skip_tracking_setup: false,
  send_from_date: null,
  never_sent_alarm_days: 3,
  digest_mail: false,
  job_status_on_export: null,
};

const times = { created_at: '2026-11-20T02:11:09Z', updated_at: '2026-11-24T20:40:00Z' };

export const codes: AccountingCode[] = [
  {
    id: 'acc_1',
    code: '200',
    name: 'Sales',
    kind: 'income',
    tax_type: 'OUTPUT2',
    ledger_state: 'matched',
    ...times,
  },
  {
    id: 'acc_2',
    code: '310',
    name: 'Materials',
    kind: 'expense',
    tax_type: 'INPUT2',
    ledger_state: 'matched',
    ...times,
  },
];

export const problem: ResourceProblem = {
  code: 'cost_center_unmatched',
  title: 'A cost centre isn’t in Xero',
  detail: '“Nth Shore” is not an option of Region.',
  pointer: '#/lines/1',
  fix: { label: 'Match cost centres', href: '/settings/cost-centres?show=unmatched' },
  source: 'check',
  xero_message: null,
  choices: [],
};

export const costCenter: CostCenter = {
  id: 'cos_1',
  name: 'North Shore',
  option_name: 'North Shore',
  match: 'matched',
  ...times,
};

export const jobStatus: JobStatus = { id: 'jst_1', name: 'Invoiced', ...times };

export const contact: Contact = {
  id: 'con_1',
  kind: 'company',
  name: 'Fenwick Builders',
  first_name: null,
  last_name: null,
  display_name: 'Fenwick Builders',
  roles: ['customer'],
  email: 'office@fenwick.example',
  phone: null,
  address: null,
  tax_number: null,
  payer_reference: null,
  external_id: null,
  sync_state: 'not_sent',
  external_url: null,
  problems: [],
  remarks: [],
  ...times,
};

/** The nth customer invoice, approved and not sent yet. */
export const invoiceAt = (n: number, change: Partial<InvoiceSummary> = {}): InvoiceSummary => ({
  id: `inv_${n}`,
  kind: 'customer',
  number: `INV-${n}`,
  status: 'approved',
  export_state: 'not_exported',
  contact_id: 'con_1',
  contact_external_id: null,
  contact_name: 'Fenwick Builders',
  job_id: null,
  job_external_id: null,
  job_number: null,
  job_description: null,
  issued_on: '2026-11-20',
  due_on: '2026-12-10',
  currency: 'NZD',
  amounts: 'exclusive',
  reference: null,
  external_id: null,
  mark_as_sent: null,
  approved_at: null,
  exported_at: null,
  subtotal: '100.00',
  tax_total: '15.00',
  total: '115.00',
  problems: [],
  remarks: [],
  remarks_read_at: null,
  external_url: null,
  created_at: '2026-11-20T00:00:00Z',
  updated_at: '2026-11-20T00:00:00Z',
  ...change,
});

export const stockItem: Item = {
  id: 'itm_1',
  code: 'PIPE15',
  name: 'Copper pipe 15 mm',
  description: 'Copper pipe 15 mm, per metre',
  sale_price: '12.4500',
  sale_code: '200',
  purchase_price: '8.3750',
  purchase_code: '310',
  match: 'matched',
  in_ledger: null,
  created_at: '2026-11-20T00:00:00Z',
  updated_at: '2026-11-20T00:00:00Z',
};

export const inFull = (summary: InvoiceSummary): Invoice => ({
  ...summary,
  lines: [
    {
      id: 'lin_1',
      description: 'Labour',
      quantity: '2.5000',
      unit_price: '40.0000',
      discount_percent: '0.00',
      accounting_code: null,
      tax_type: null,
      tax_rate: '15.0000',
      cost_center_id: null,
      item_code: null,
      line_amount: '100.00',
      tax_amount: '15.00',
    },
  ],
});

const some: KindCounts = { ready: 3, needs_attention: 1, in_progress: 0, exported: 2, draft: 1, all: 7 };

export const counts: InvoiceCounts = { customer: some, supplier: some, count: 14, more: false };

/** Three customer invoices that can go, and one that needs a fix. */
export const groups: InvoiceGroup[] = [
  {
    kind: 'customer',
    group: 'problem',
    code: 'cost_center_unmatched',
    title: 'A cost centre isn’t in Xero',
    count: 1,
    totals: [{ currency: 'NZD', total: '115.00' }],
    approved_since: '2026-11-20T02:00:00Z',
  },
  {
    kind: 'customer',
    group: 'ready',
    code: null,
    title: null,
    count: 3,
    totals: [{ currency: 'NZD', total: '345.00' }],
    approved_since: '2026-11-20T02:00:00Z',
  },
];

export const check: ExportCheck = {
  total: 2,
  ready: 2,
  needs_fix: 0,
  organisation_name: 'Kauri Plumbing Ltd',
  obstacles: [],
  checked_against: {
    organisation: '2026-11-22T02:00:00Z',
    actions: '2026-11-22T02:00:00Z',
    currencies: '2026-11-22T02:00:00Z',
    accounts: '2026-11-22T02:00:00Z',
    tax_rates: '2026-11-22T02:00:00Z',
    tracking: '2026-11-22T02:00:00Z',
    items: '2026-11-22T02:00:00Z',
    contacts: '2026-11-22T02:00:00Z',
    documents: '2026-11-22T02:00:00Z',
  },
  refreshing: false,
  poll_after_ms: null,
  remarks: [],
  ready_ids: ['inv_1', 'inv_2'],
  resendable_ids: [],
  ready_totals: [{ currency: 'NZD', total: '230.00' }],
  groups: [],
  invoices: [],
  marked_as_sent: 0,
  not_marked_as_sent: [],
  new_contacts: [],
  contacts: [],
};

export const run: Export = {
  id: 'exp_1',
  number: 318,
  state: 'running',
  waiting_for: null,
  resume_at: null,
  total: 3,
  exported: 1,
  rejected: 0,
  with_remarks: 0,
  waiting: 2,
  unknown: 0,
  cancelled: 0,
  created_at: '2026-11-22T02:00:00Z',
  finished_at: null,
  hold_until: null,
  started_by: 'Mere Hohepa',
  retry_of: null,
  organisation_name: 'Kauri Plumbing Ltd',
  cancel_requested: false,
  poll_after_ms: 1_000,
};

/** The answer to the start of a run. */
export const started: StartedExport = { ...run, skipped: [] };

export const itemAt = (n: number, change: Partial<ExportItem> = {}): ExportItem => ({
  id: `itm_${n}`,
  invoice_id: `inv_${n}`,
  number: `INV-${n}`,
  kind: 'customer',
  contact_name: 'Fenwick Builders',
  currency: 'NZD',
  total: '115.00',
  state: 'exported',
  problems: [],
  remarks: [],
  external_url: null,
  ...change,
});

export const notification: Notification = {
  id: 'ntf_1',
  kind: 'export.finished',
  message: '3 of 3 invoices have been exported to Xero.',
  data: { export_id: 'exp_1' },
  created_at: '2026-11-22T02:00:10Z',
  read: false,
};

/** A contact of Xero that may be ours. */
export const candidateAt = (n: number, change: Partial<Candidate> = {}): Candidate => ({
  xero_contact: {
    id: `xero-${n}`,
    name: `Fenwick Builders ${n}`,
    first_name: null,
    last_name: null,
    email: `office${n}@fenwick.example`,
    phone: null,
    tax_number: null,
    account_number: null,
    is_customer: true,
    is_supplier: false,
    is_archived: false,
    external_url: null,
  },
  agrees: ['name'],
  differs: [{ field: 'phone', ours: '04 555 0142', theirs: '04 555 0100', effect: 'kept_in_xero' }],
  taken_by: null,
  ...change,
});

export const link: ContactLink = {
  state: 'none',
  xero_contact: null,
  decided_by: null,
  evidence: [],
  decided_by_user: null,
  decided_at: null,
  differences: [],
  candidates: [],
  possible_duplicates: [],
  new_name: 'Fenwick Builders',
  like_these: 0,
  problem: null,
  checked_against: null,
};

export const contactImport: ContactImport = {
  id: 'cim_1',
  mode: 'preview',
  preview_id: null,
  state: 'done',
  organisation_name: 'Kauri Plumbing Ltd',
  read: 6,
  counts: { new: 3, matched: 1, possible_duplicate: 2, unchanged: 0, archived: 0 },
  imported: 0,
  linked: 0,
  left_out: 0,
  undecided: 0,
  failed: 0,
  waiting_for: null,
  resume_at: null,
  poll_after_ms: 1_000,
  started_by: 'Mere Hohepa',
  created_at: '2026-11-22T02:00:00Z',
  finished_at: '2026-11-22T02:00:09Z',
  problem: null,
};

/** The nth contact of a preview. */
export const importItemAt = (n: number, change: Partial<ImportItem> = {}): ImportItem => ({
  id: `cii_${n}`,
  group: 'possible_duplicate',
  xero_contact: candidateAt(n).xero_contact,
  contact: { id: 'con_1', name: 'Fenwick Builders' },
  other_contacts: [],
  evidence: ['email'],
  differs: [],
  roles: ['customer'],
  decision: null,
  result: null,
  problems: [],
  ...change,
});

export const contactPush: ContactPush = {
  id: 'cpu_1',
  state: 'done_with_errors',
  started_by: null,
  total: 5,
  created: 1,
  updated: 3,
  unchanged: 0,
  unsure: 0,
  failed: 1,
  waiting: 0,
  waiting_for: null,
  resume_at: null,
  poll_after_ms: 1_000,
  created_at: '2026-11-22T02:00:00Z',
  finished_at: '2026-11-22T02:00:09Z',
};
