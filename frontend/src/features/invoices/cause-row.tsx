import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { takeSpelling, useSpelledDifferently } from '@/api/ledger';
import type { InvoiceKind } from '@/api/types';
import { numberOf } from '@/lib/invoice-number';
import { useFormat } from '@/lib/locale';
import { count } from '@/lib/plural';
import { HrefLink } from '@/ui/app-link';
import { ProblemNote } from '@/ui/problem-note';
import { invoiceQuery } from './api';
import { approveInvoices, MOST_FIXED, withdrawApprovals } from './bulk-api';
import type { Cause } from './causes';
import { setForAll, spellForAll } from './cure-all';
import { NoRateFits, useProposal, ValueField } from './cure-field';
import { type CureField, curedWords } from './cures';
import { stillOffered, useFittingRates } from './fitting-rates';
import type { Outcome } from './outcome';

type Props = {
  cause: Cause;
  kind: InvoiceKind;
  /** The numbers of its invoices. */
  numbers: string;
  /** What they come to. */
  sum: string;
  busy: boolean;
  /** Says in `words` what was done, and gives the way back. */
  onFixed: (words: string, outcome: Outcome, undo: () => Promise<unknown>) => void;
  /** Shows the contacts that somebody has to choose. */
  onChoose: () => void;
};

/** One cause of a check: what is wrong, with which invoices, and the one value or step that fixes them all. */
export function CauseRow(props: Props) {
  const { cause, numbers, sum } = props;
  const detail = cause.detail ?? undefined;
  return (
    <ProblemNote problem={{ title: cause.title, detail, fix: cause.fix }} cure={cureOf(props)}>
      <p className="cause-numbers">{numbers}</p>
      <div className="cause-sum">
        {sum && <strong className="tnum">{sum}</strong>} {count(cause.ids.length, 'invoice', 'invoices')}
      </div>
    </ProblemNote>
  );
}

function cureOf(props: Props) {
  const { cause } = props;
  if (cause.code === 'invoice_not_approved') return <ApproveAll {...props} />;
  if (cause.code === 'contact_unsure') return <ChooseContacts {...props} />;
  return cause.field ? <SetForAll {...props} field={cause.field} /> : undefined;
}

function SetForAll({ cause, kind, field, busy, onFixed }: Props & { field: CureField }) {
  const client = useQueryClient();
  const format = useFormat();
  const [first = ''] = cause.ids;
  const example = useQuery(invoiceQuery(first)).data?.value;
  const place = { field, lines: cause.lines.get(first) ?? [] };
  const proposed = useProposal(place, example);
  const rates = useFittingRates(place, example);
  const spelledDifferently = useSpelledDifferently();
  const [chosen, setChosen] = useState<string | null>(null);
  const value = stillOffered(chosen, rates) ?? proposed?.value ?? null;
  const setting = useMutation({
    mutationFn: async (wanted: string) => {
      const center = field === 'cost_center_id' ? spelledDifferently(wanted) : undefined;
      // The proposal is the cost centre that the lines have already: then its name alone is wrong.
      if (center && wanted === proposed?.value) return spellForAll(cause, center);
      if (center) await takeSpelling(center);
      return setForAll(cause, field, wanted);
    },
    onSuccess: ({ outcome, undo }) => onFixed(curedWords(field, invoicesOf(outcome)), outcome, undo),
    onSettled: () => {
      for (const key of ['invoices', 'ledger']) client.invalidateQueries({ queryKey: [key] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value) setting.mutate(value);
  };
  if (example && rates?.length === 0) {
    return <NoRateFits id={first} number={cause.ids.length > 1 ? numberOf(example) : undefined} />;
  }
  return (
    <form className="cure" onSubmit={submit}>
      <ValueField
        field={field}
        kind={kind}
        value={value}
        onChange={setChosen}
        rates={rates}
        reason={chosen === null || chosen === proposed?.value ? proposed?.reason : undefined}
      />
      <Button type="submit" size="xs" variant="default" disabled={!value || busy} loading={setting.isPending}>
        {howMany('Set for', cause.ids.length, format.number)}
      </Button>
      {/* Without a likely value, the cause may be a setting. */}
      {!proposed && cause.fix && (
        <HrefLink href={cause.fix.href} className="text-link cure-elsewhere">
          {cause.fix.label}
        </HrefLink>
      )}
      {setting.isError && <ProblemNote error={setting.error} />}
    </form>
  );
}

const invoicesOf = ({ done }: Outcome) => count(done.length, 'invoice', 'invoices');

/** "Set for 3", "Set for 200 of 412". */
const howMany = (words: string, all: number, number: (n: number) => string) =>
  all > MOST_FIXED ? `${words} ${number(MOST_FIXED)} of ${number(all)}` : `${words} ${number(all)}`;

function ChooseContacts({ onChoose }: Props) {
  return (
    <div className="cure">
      <Button size="xs" variant="default" onClick={onChoose}>
        Choose who it is
      </Button>
    </div>
  );
}

function ApproveAll({ cause, busy, onFixed }: Props) {
  const client = useQueryClient();
  const format = useFormat();
  const approving = useMutation({
    mutationFn: () => approveInvoices(cause.ids),
    onSuccess: (outcome) =>
      onFixed(`${invoicesOf(outcome)} approved`, outcome, () => withdrawApprovals(outcome.done)),
    onSettled: () => client.invalidateQueries({ queryKey: ['invoices'] }),
  });
  return (
    <div className="cure">
      <Button
        size="xs"
        variant="default"
        disabled={busy}
        loading={approving.isPending}
        onClick={() => approving.mutate()}
      >
        Approve {format.number(cause.ids.length)}
      </Button>
      {approving.isError && <ProblemNote error={approving.error} />}
    </div>
  );
}
