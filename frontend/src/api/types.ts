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
export type Item = Schemas['ItemOut'];
export type CostCenter = Schemas['CostCenterOut'];
export type TaxRate = Schemas['TaxRateOut'];
export type JobStatus = Schemas['JobStatusOut'];
export type Contact = Schemas['ContactOut'];
export type ContactIn = Schemas['ContactIn'];
export type ContactFilter = NonNullable<paths['/api/v1/contacts/counts']['get']['parameters']['query']>;
/** Which contact of Xero a contact of ours is, and how that was decided. */
export type ContactLink = Schemas['LinkOut'];
export type LinkChoice = Schemas['LinkIn'];
/** A contact of Xero that ours may be, with what speaks for it and against it. */
export type Candidate = Schemas['LinkCandidateOut'];
export type Evidence = Candidate['agrees'][number];
export type Difference = Candidate['differs'][number];
export type XeroContact = Candidate['xero_contact'];
export type ContactImport = Schemas['ContactImportOut'];
export type ImportItem = Schemas['ContactImportItemOut'];
export type ImportGroup = ImportItem['group'];
/** A group in which there is something to decide. */
export type AskedGroup = NonNullable<Schemas['ContactImportIn']['decision_for_group']>['group'];
export type ImportResult = NonNullable<ImportItem['result']>;
export type ImportDecision = NonNullable<ImportItem['decision']>;
export type ContactPush = Schemas['ContactPushOut'];
export type ContactPushItem = Schemas['ContactPushItemOut'];
export type PushResult = ContactPushItem['result'];
export type Role = Contact['roles'][number];
export type Invoice = Schemas['InvoiceOut'];
export type InvoiceSummary = Omit<Invoice, 'lines'>;
export type InvoiceKind = InvoiceSummary['kind'];
export type InvoiceFilter = Schemas['InvoiceFilter'];
export type InvoiceCounts = Schemas['InvoiceCounts'];
/** Invoices of one kind with the same cause, on Home. */
export type InvoiceGroup = Schemas['InvoiceGroup'];
export type KindCounts = Schemas['KindCounts'];
export type ExportState = InvoiceSummary['export_state'];
export type SelectionBody = Schemas['SelectionIn']['selection'];
export type ExportCheck = Schemas['ExportCheckOut'];
export type CheckedContact = ExportCheck['contacts'][number];
export type Export = Schemas['ExportOut'];
export type StartedExport = Schemas['StartedExportOut'];
export type ExportItem = Schemas['ExportItemOut'];
export type ItemState = ExportItem['state'];
/** A problem or a remark of an invoice, a contact, an export item or a refresh. */
export type ResourceProblem = Schemas['ProblemOut'];
export type Notification = Schemas['NotificationOut'];
