import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Tagged } from '@/api/client';
import { preferencesQuery } from '@/api/shared';
import type { Preferences } from '@/api/types';
import { FormSummary } from '@/ui/form-problem';
import { LeaveGuard } from '@/ui/leave-guard';
import { Overtaken } from '@/ui/overtaken';
import { Page } from '@/ui/page';
import { ProblemNote } from '@/ui/problem-note';
import { SaveBar } from '@/ui/save-bar';
import { toastUndo } from '@/ui/toast';
import { useAnchor } from '@/ui/use-anchor';
import { WayBack } from '@/ui/way-back';
import { AlertsSection } from './alerts-section';
import { CodesSection } from './codes-section';
import { ContactsSection } from './contacts-section';
import { Contents } from './contents';
import { FirstDaySection } from './first-day-section';
import { ItemsSection } from './items-section';
import { ReferenceSection } from './reference-section';
import { StatusSection } from './status-section';
import { TrackingSection } from './tracking-section';
import { usePreferencesForm } from './use-preferences-form';

const FORM = 'preferences';

/** Settings ▸ Accounting: how contacts and invoices look once they are in Xero. */
export function AccountingPage() {
  // Polling or refocusing must not pull the form from under somebody's hands; a save brings the new state along.
  const preferences = useQuery({ ...preferencesQuery, refetchOnWindowFocus: false });
  return (
    <Page
      title="Accounting"
      intro="How your contacts and invoices look once they’re in Xero."
      aside={<Contents />}
    >
      <WayBack />
      {preferences.isPending && <Skeleton h={480} />}
      {preferences.isError && (
        <ProblemNote
          error={preferences.error}
          title="We couldn’t load your preferences"
          onRetry={() => preferences.refetch()}
        />
      )}
      {preferences.data && <Form loaded={preferences.data} />}
    </Page>
  );
}

function Form({ loaded }: { loaded: Tagged<Preferences> }) {
  const { form, ...edit } = usePreferencesForm(loaded, (undo) => toastUndo('Saved', undo));
  useAnchor();
  return (
    <form
      id={FORM}
      onSubmit={(event) => {
        event.preventDefault();
        edit.save();
      }}
    >
      <FormSummary failure={edit.failure} />
      {edit.overtaken && <Overtaken onTheirs={edit.takeTheirs} onMine={edit.keepMine} />}
      <Stack gap="lg">
        <ContactsSection form={form} />
        <CodesSection form={form} />
        <ItemsSection form={form} />
        <TrackingSection form={form} />
        <ReferenceSection form={form} />
        <StatusSection form={form} />
        <FirstDaySection form={form} />
        <AlertsSection form={form} />
      </Stack>
      <SaveBar shown={edit.changed} saving={edit.saving} form={FORM} onDiscard={edit.discard} />
      <LeaveGuard active={edit.changed} />
    </form>
  );
}
