import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { costCentersQuery, nameInXero } from '@/api/ledger';

type Props = SelectProps & {
  /** Whose spelling the chosen one has: that of Xero where it is about to be taken over. */
  spelled?: 'here' | 'in Xero';
};

/** A cost centre that is an option in Xero, or would be if it were spelled so; one that was chosen stays visible. */
export function CostCenterField({ value, spelled = 'in Xero', ...rest }: Props) {
  const centers = useQuery(costCentersQuery).data ?? [];
  const options = centers
    .filter(({ id, match }) => id === value || match === 'matched' || match === 'spelled_differently')
    .map((center) => ({
      value: center.id,
      label: center.id === value && spelled === 'here' ? center.name : nameInXero(center),
    }));
  return (
    <Select
      aria-label="Cost centre"
      placeholder="Pick a cost centre"
      searchable
      data={options}
      value={value}
      {...rest}
    />
  );
}
