import { useSearch } from '@tanstack/react-router';
import { useSetupFacts } from '@/app/use-setup-facts';
import { ConnectionPage } from '@/features/connection/connection-page';
import { ImportOffer } from '@/features/contact-imports/import-offer';
import { NextStep } from '@/features/home/next-step';
import { EnteredOffer } from '@/features/invoices/entered/entered-offer';
import { stepsOf } from './home-setup';

export function Connections() {
  const { problem } = useSearch({ strict: false });
  const { facts, isPending } = useSetupFacts();
  const isInSetup = facts?.holds.connected === true && !facts.isSetUp;
  const offer = (
    <>
      {!isPending && <ImportOffer />}
      {isInSetup && facts.holds.contacts && <NextStep steps={stepsOf(facts)} />}
      <EnteredOffer />
    </>
  );
  return <ConnectionPage problem={problem} offer={offer} />;
}
