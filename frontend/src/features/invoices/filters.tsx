import { Button, Drawer, Popover } from '@mantine/core';
import { DatePicker } from '@mantine/dates';
import { useDisclosure } from '@mantine/hooks';
import { IconCalendar, IconX } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { causeName } from '@/lib/cause-words';
import { dayIn } from '@/lib/dates';
import { type Format, useFormat } from '@/lib/locale';
import { usePanelPlace } from '@/ui/index/use-panel-place';
import { SearchBox } from '@/ui/search-box';
import { useOverlay } from '@/ui/use-overlay';
import type { InvoicesSearch } from './search';
import '@/ui/fields/fields.css';

type Props = {
  search: InvoicesSearch;
  /** The title of the problem that the list is narrowed to, once an invoice with it is there. */
  problemTitle: string | null;
  placeholder: string;
  searchBox: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<InvoicesSearch>) => void;
};

export function Filters({ search, problemTitle, placeholder, searchBox, onChange }: Props) {
  const onPhone = usePanelPlace() === 'page';
  const DateFilter = onPhone ? DateSheet : DatePopover;
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
      {search.problem && (
        <CauseChip
          code={search.problem}
          title={problemTitle}
          onRemove={() => onChange({ problem: undefined })}
        />
      )}
    </>
  );
}

type ChipProps = { code: string; title: string | null; onRemove: () => void };

/** The cause that the list is narrowed to. */
function CauseChip({ code, title, onRemove }: ChipProps) {
  const name = causeName(code, title);
  return (
    <Button
      variant="light"
      className="cause-chip"
      rightSection={<IconX size={15} aria-hidden />}
      aria-label={`${name}: show all causes`}
      onClick={onRemove}
    >
      {name}
    </Button>
  );
}

type DateProps = Pick<Props, 'search' | 'onChange'>;

function DatePopover({ search, onChange }: DateProps) {
  const [opened, popover] = useDisclosure();
  const format = useFormat();
  return (
    <Popover
      opened={opened}
      onChange={popover.toggle}
      position="bottom-start"
      shadow="md"
      trapFocus
      withRoles
    >
      <Popover.Target>
        <Button
          variant={search.from || search.to ? 'light' : 'default'}
          leftSection={<IconCalendar size={16} aria-hidden />}
          onClick={popover.toggle}
        >
          {rangeWords(search, format)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Invoice date">
        <DateRange search={search} onChange={onChange} onDone={popover.close} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** On a phone a sheet from below, which the browser's Back closes. */
function DateSheet({ search, onChange }: DateProps) {
  const sheet = useOverlay('dates');
  return (
    <>
      <Button
        variant={search.from || search.to ? 'light' : 'default'}
        leftSection={<IconCalendar size={16} aria-hidden />}
        onClick={sheet.open}
        style={{ flex: 'none' }}
      >
        Dates
      </Button>
      <Drawer opened={sheet.opened} onClose={sheet.close} position="bottom" size="auto" title="Invoice date">
        <DateRange search={search} onChange={onChange} onDone={sheet.close} />
      </Drawer>
    </>
  );
}

function DateRange({ search, onChange, onDone }: DateProps & { onDone: () => void }) {
  const { timeZone } = useFormat();
  const since = (days: number) => {
    onChange({ from: dayIn(new Date(Date.now() - days * 86_400_000), timeZone), to: undefined });
    onDone();
  };
  return (
    <div className="date-range">
      <DatePicker
        type="range"
        allowSingleDateInRange
        value={[search.from ?? null, search.to ?? null]}
        onChange={([from, to]) => onChange({ from: from ?? undefined, to: to ?? undefined })}
      />
      <div className="date-range-choices">
        <Button size="xs" variant="default" onClick={() => since(30)}>
          Last 30 days
        </Button>
        <Button size="xs" variant="default" onClick={() => since(90)}>
          Last 90 days
        </Button>
        <Button size="xs" variant="default" onClick={() => onChange({ from: undefined, to: undefined })}>
          Any date
        </Button>
      </div>
    </div>
  );
}

function rangeWords({ from, to }: InvoicesSearch, format: Format): string {
  if (from && to) return format.range(from, to);
  if (from) return `Since ${format.shortDay(from)}`;
  if (to) return `Until ${format.shortDay(to)}`;
  return 'Any date';
}
