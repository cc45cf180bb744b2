import type { components, paths } from './schema.gen';

type Schemas = components['schemas'];

export type Session = Schemas['SignedIn'];
export type Connection = Schemas['ConnectionOut'];
export type ConnectionState = Connection['state'];
export type Organisation = Schemas['OrganisationOut'];
export type Preferences = Schemas['PreferencesOut'];
export type PreferencesChange = Schemas['PreferencesChange'];
export type ReferencePart = Preferences['reference_parts'][number];
export type AccountingCode = Schemas['AccountingCodeOut'];
export type CodeKind = AccountingCode['kind'];
export type CostCenter = Schemas['CostCenterOut'];
export type JobStatus = Schemas['JobStatusOut'];
export type Contact = Schemas['ContactOut'];
export type ContactIn = Schemas['ContactIn'];
export type ContactFilter = NonNullable<paths['/api/v1/contacts/counts']['get']['parameters']['query']>;
export type HistoryEvent = Schemas['HistoryEventOut'];
export type Role = Contact['roles'][number];
export type Invoice = Schemas['InvoiceOut'];
export type InvoiceSummary = Omit<Invoice, 'lines'>;
export type InvoiceKind = InvoiceSummary['kind'];
export type InvoiceFilter = Schemas['InvoiceFilter'];
export type InvoiceCounts = Schemas['InvoiceCounts'];
export type KindCounts = Schemas['KindCounts'];
export type ExportState = InvoiceSummary['export_state'];
export type SelectionBody = Schemas['SelectionIn']['selection'];
export type ExportCheck = Schemas['ExportCheckOut'];
export type Export = Schemas['ExportOut'];
export type StartedExport = Schemas['StartedExportOut'];
export type ExportItem = Schemas['ExportItemOut'];
export type ItemState = ExportItem['state'];
/** A problem or a remark of an invoice, a contact, an export item or a refresh. */
export type ResourceProblem = Schemas['ProblemOut'];
export type Notification = Schemas['NotificationOut'];
