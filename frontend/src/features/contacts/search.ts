import type { Contact, Role } from '@/api/types';

export type SyncState = Contact['sync_state'];

/** In the order of the tabs: what asks for something comes first. */
export const SYNC_STATES: readonly SyncState[] = ['unsure', 'failed', 'changed', 'not_sent', 'in_step'];

/** The state of the list, as its address holds it. */
export type ContactsSearch = { role?: Role; state?: SyncState; q?: string };
