import { Button, Drawer, Group, Popover, Stack, TextInput } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconCalendar } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { dayIn } from '@/lib/dates';
import { useFormat } from '@/lib/locale';
import { SearchBox } from '@/ui/search-box';
import type { InvoicesSearch } from './search';

type Props = {
  search: InvoicesSearch;
  placeholder: string;
  searchBox: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<InvoicesSearch>) => void;
};

export function Filters({ search, placeholder, searchBox, onChange }: Props) {
  return (
    <>
      <SearchBox
        label="Search invoices"
        value={search.q ?? ''}
        placeholder={placeholder}
        ref={searchBox}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      <DateFilter search={search} onChange={onChange} />
    </>
  );
}

/** The date range: a popover beside the search, a sheet from below on a phone. */
function DateFilter({ search, onChange }: Pick<Props, 'search' | 'onChange'>) {
  const narrow = useMediaQuery('(max-width: 47.99em)', false);
  const [opened, sheet] = useDisclosure();
  const format = useFormat();
  const { from, to } = search;
  const label = narrow ? 'Dates' : rangeWords(from && format.day(from), to && format.day(to));
  const button = (
    <Button
      variant={from || to ? 'light' : 'default'}
      leftSection={<IconCalendar size={16} aria-hidden />}
      onClick={sheet.toggle}
      style={{ flex: 'none' }}
    >
      {label}
    </Button>
  );
  const fields = <DateFields search={search} onChange={onChange} onDone={sheet.close} />;
  if (narrow) {
    return (
      <>
        {button}
        <Drawer opened={opened} onClose={sheet.close} position="bottom" size="auto" title="Invoice date">
          {fields}
        </Drawer>
      </>
    );
  }
  return (
    <Popover opened={opened} onChange={sheet.toggle} position="bottom-start" shadow="md" trapFocus withRoles>
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown aria-label="Invoice date">{fields}</Popover.Dropdown>
    </Popover>
  );
}

type FieldsProps = Pick<Props, 'search' | 'onChange'> & { onDone: () => void };

function DateFields({ search, onChange, onDone }: FieldsProps) {
  const { timeZone } = useFormat();
  const choose = (days: number) => {
    onChange({ from: dayIn(new Date(Date.now() - days * 86_400_000), timeZone), to: undefined });
    onDone();
  };
  return (
    <Stack gap="sm">
      <Group grow gap="sm">
        <TextInput
          type="date"
          label="From"
          value={search.from ?? ''}
          max={search.to}
          onChange={(event) => onChange({ from: event.currentTarget.value || undefined })}
        />
        <TextInput
          type="date"
          label="To"
          value={search.to ?? ''}
          min={search.from}
          onChange={(event) => onChange({ to: event.currentTarget.value || undefined })}
        />
      </Group>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => choose(30)}>
          Last 30 days
        </Button>
        <Button size="xs" variant="default" onClick={() => choose(90)}>
          Last 90 days
        </Button>
        <Button size="xs" variant="subtle" onClick={() => onChange({ from: undefined, to: undefined })}>
          Any date
        </Button>
      </Group>
    </Stack>
  );
}

function rangeWords(from: string | undefined, to: string | undefined): string {
  if (from && to) return `${from} to ${to}`;
  if (from) return `Since ${from}`;
  if (to) return `Until ${to}`;
  return 'Any date';
}
