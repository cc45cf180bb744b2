import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, unwrapTagged } from '@/api/client';
import { preferencesQuery } from '@/api/shared';
import type { SetupFacts } from '@/app/use-setup-facts';
import { ConnectAction } from '@/features/connection/connect-action';
import { usePutOffOffer } from '@/features/contact-imports/api';
import { SetupCard, type SetupStep } from '@/features/home/setup-card';
import { WhatItDoes } from '@/features/home/what-it-does';
import { count } from '@/lib/plural';
import { HrefButton, HrefLink } from '@/ui/app-link';
import { Page } from '@/ui/page';
import { toastProblem } from '@/ui/toast';

/** The steps of set-up, done or not. */
export const stepsOf = (facts: SetupFacts): SetupStep[] => [
  connect(facts),
  codes(facts),
  contacts(facts),
  tracking(facts),
  firstExport(facts),
];

/** The way from nothing to the first invoice in Xero. */
export function HomeSetup({ facts, xero }: { facts: SetupFacts; xero: ReactNode }) {
  return (
    <Page
      title="Set up Jobtally"
      intro="About five minutes. You can stop after any step; it’s all kept."
      aside={<WhatItDoes />}
    >
      <div className="home-stack">
        {xero}
        <SetupCard steps={stepsOf(facts)} />
      </div>
    </Page>
  );
}

type StepProps = { href: string; isNow: boolean; children: ReactNode };

/** The way to do a step: filled when it is the one to take now. */
function Go({ href, isNow, children }: StepProps) {
  return (
    <HrefButton href={href} variant={isNow ? 'filled' : 'default'} size={isNow ? 'sm' : 'xs'}>
      {children}
    </HrefButton>
  );
}

function connect({ connection, holds }: SetupFacts): SetupStep {
  const choose = connection.organisation_choice_due;
  return {
    id: 'connect',
    title: 'Connect to Xero',
    isDone: holds.connected,
    line: connection.organisation_name ?? 'Choose the organisation that your invoices go to',
    text: choose
      ? 'Xero gave access to several organisations. Choose the one that your invoices go to.'
      : 'Sign in at Xero, choose your organisation and allow access. Nothing is written there until you export an invoice.',
    action: () => {
      if (holds.connected) return null;
      if (choose) return <HrefButton href="/settings/connections">Choose the organisation</HrefButton>;
      return <ConnectAction connection={connection} />;
    },
  };
}

function codes({ preferences: { value }, holds }: SetupFacts): SetupStep {
  const href = '/settings/accounting#default-codes';
  return {
    id: 'codes',
    title: 'Choose the default codes',
    isDone: holds.codes,
    line: holds.codes
      ? `Invoice items ${value.default_income_code}, order items ${value.default_expense_code}`
      : 'One for income and one for direct costs',
    text: 'Lines without a code of their own get these: one for income, one for direct costs. They come from your chart of accounts in Xero.',
    action: (isNow) =>
      holds.codes ? (
        <HrefLink href={href}>Change</HrefLink>
      ) : (
        holds.connected && (
          <Go href={href} isNow={isNow}>
            Choose codes
          </Go>
        )
      ),
  };
}

function contacts({ connection, offer, holds }: SetupFacts): SetupStep {
  const name = connection.organisation_name ?? 'Xero';
  const isPutOff = offer === 'put_off';
  return {
    id: 'contacts',
    title: 'Bring in your contacts',
    isDone: holds.contacts,
    line: isPutOff
      ? 'Left for later'
      : holds.contacts
        ? `Imported from ${name}`
        : 'Customers and suppliers of Xero',
    text: `Bring in the customers and suppliers of ${name}, so that your invoices go to the right ones. You see every match before anything is saved.`,
    action: (isNow) => {
      if (isPutOff) return <HrefLink href="/contacts/import">Import</HrefLink>;
      if (holds.contacts || !holds.connected) return null;
      return (
        <>
          <Go href="/contacts/import" isNow={isNow}>
            Import contacts
          </Go>
          <NotNow />
        </>
      );
    },
  };
}

function NotNow() {
  const putOff = usePutOffOffer();
  return (
    <Button
      variant="subtle"
      color="gray"
      size="sm"
      className="setup-skip"
      loading={putOff.isPending}
      onClick={() => putOff.mutate(undefined, { onError: toastProblem })}
    >
      Not now
    </Button>
  );
}

function tracking({ preferences: { value }, costCenters, holds }: SetupFacts): SetupStep {
  const { matched, total } = costCenters;
  const hasCategory = value.tracking_category_id !== null;
  const href = hasCategory ? '/settings/cost-centres?show=unmatched' : '/settings/accounting#tracking';
  const matches =
    total === 0
      ? 'The category is chosen'
      : `${matched} of ${count(total, 'cost centre', 'cost centres')} match`;
  return {
    id: 'tracking',
    title: 'Match cost centres',
    isDone: holds.tracking,
    isOptional: true,
    line: !holds.tracking
      ? 'Only when you use a tracking category in Xero'
      : hasCategory
        ? matches
        : 'Skipped',
    text: hasCategory
      ? 'None of your cost centres is an option of the tracking category yet. Match them, or let Jobtally take over Xero’s spelling.'
      : 'If you track regions or departments in Xero, choose the tracking category that stands for your cost centres. If you don’t, skip this.',
    action: (isNow) =>
      holds.tracking ? (
        <HrefLink href={href}>{hasCategory ? 'Change' : 'Choose a category'}</HrefLink>
      ) : (
        <>
          {holds.connected && (
            <Go href={href} isNow={isNow}>
              {hasCategory ? 'Match' : 'Choose a category'}
            </Go>
          )}
          <Skip />
        </>
      ),
  };
}

function Skip() {
  const client = useQueryClient();
  const skip = useMutation({
    mutationFn: () =>
      unwrapTagged(
        api.PATCH('/api/v1/preferences', {
          // Whatever else was changed meanwhile: this touches nothing of it.
          params: { header: { 'if-match': '*' } },
          body: { skip_tracking_setup: true },
        }),
      ),
    onSuccess: (now) => client.setQueryData(preferencesQuery.queryKey, now),
    onError: toastProblem,
  });
  return (
    <Button
      variant="subtle"
      color="gray"
      size="sm"
      className="setup-skip"
      loading={skip.isPending}
      onClick={() => skip.mutate()}
    >
      Skip
    </Button>
  );
}

function firstExport({ exported, ready, holds }: SetupFacts): SetupStep {
  const waiting = `${count(ready, 'is', 'are')} approved and ready`;
  return {
    id: 'export',
    title: 'Export your first invoice',
    isDone: holds.exported,
    line: holds.exported
      ? `${count(exported, 'invoice is', 'invoices are')} in Xero`
      : ready > 0
        ? waiting
        : 'None is approved yet',
    text:
      ready > 0
        ? `${waiting}. You see what stands against each of them before anything is sent.`
        : 'Approve an invoice in your job system and it shows here. It goes to Xero only when you export it.',
    action: (isNow) =>
      holds.exported ? null : (
        <Go href={ready > 0 ? '/invoices' : '/invoices?view=draft'} isNow={isNow}>
          {ready > 0 ? 'See them' : 'See the drafts'}
        </Go>
      ),
  };
}
