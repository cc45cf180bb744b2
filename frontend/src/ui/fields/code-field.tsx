import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { codesQuery } from '@/api/ledger';
import type { AccountingCode, CodeKind } from '@/api/types';

type Props = Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
  kind: CodeKind;
  /** The code itself, "200". */
  value?: string | null;
  onChange?: (code: string | null) => void;
};

/** One accounting code of a kind, found by its number or its name. */
export function CodeField({ kind, value = null, onChange, ...rest }: Props) {
  const codes = useQuery(codesQuery(kind)).data ?? [];
  return (
    <Select
      searchable
      placeholder={kind === 'income' ? 'Pick an income code' : 'Pick an expense code'}
      {...rest}
      data={optionsOf(codes, value)}
      value={value}
      onChange={onChange}
    />
  );
}

/** The codes to choose from; one that was chosen and is gone stays visible, so that it can be replaced. */
function optionsOf(codes: readonly AccountingCode[], chosen: string | null) {
  const options = codes.map(({ code, name }) => ({ value: code, label: `${code} ${name}` }));
  if (chosen && !codes.some(({ code }) => code === chosen)) {
    options.push({ value: chosen, label: `${chosen} (not in the list any more)` });
  }
  return options;
}
