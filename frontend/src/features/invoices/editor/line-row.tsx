import { ActionIcon, Menu, Textarea } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDots, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Invoice } from '@/api/types';
import type { WrongCell } from '@/features/invoices/wrong-cells';
import { useFormat } from '@/lib/locale';
import { CodeField } from '@/ui/fields/code-field';
import { CostCenterField } from '@/ui/fields/cost-center-field';
import { MoneyField } from '@/ui/fields/money-field';
import { TaxField } from '@/ui/fields/tax-field';
import { type DraftLine, type Taxes, taxTypeOf, totalOf } from './draft';
import { pathIn } from './faults';

/** What keeps fields from being saved, in words, by their path. */
export type Marks = ReadonlyMap<string, string>;

type Props = {
  invoice: Invoice;
  line: DraftLine;
  row: number;
  isLast: boolean;
  amounts: Invoice['amounts'];
  taxes: Taxes;
  wrong: ReadonlySet<WrongCell> | undefined;
  marks: Marks;
  onChange: (some: Partial<DraftLine>) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
};

/** One line: text in one wide cell, or everything that its amount is made of. */
export function LineRow(props: Props) {
  const { line, row, marks, onChange } = props;
  const name = `Line ${row + 1}`;
  const description = (
    <Textarea
      variant="unstyled"
      autosize
      minRows={1}
      aria-label={`${name}: description`}
      placeholder={line.isText ? 'A note on the invoice' : 'What was done or delivered'}
      maxLength={4000}
      error={marks.get(pathIn(line, 'description'))}
      value={line.description}
      onChange={(event) => onChange({ description: event.currentTarget.value })}
    />
  );
  if (line.isText) {
    return (
      <tr data-text>
        <Cell label="Text" span={7}>
          {description}
        </Cell>
        <td className="line-amount soft">Text only</td>
        <LineEnd {...props} name={name} />
      </tr>
    );
  }
  return (
    <tr>
      <Cell label="Description">{description}</Cell>
      <PriceCells {...props} name={name} />
      <LedgerCells {...props} name={name} />
      <LineEnd {...props} name={name} />
    </tr>
  );
}

type Named = Props & { name: string };

function PriceCells({ line, name, marks, onChange }: Named) {
  return (
    <>
      <Cell label="Quantity">
        <MoneyField
          variant="unstyled"
          places={4}
          isQuantity
          aria-label={`${name}: quantity`}
          error={marks.get(pathIn(line, 'quantity'))}
          value={line.quantity}
          onChange={(quantity) => onChange({ quantity })}
        />
      </Cell>
      <Cell label="Price">
        <MoneyField
          variant="unstyled"
          places={4}
          aria-label={`${name}: price`}
          error={marks.get(pathIn(line, 'unit_price'))}
          value={line.unit_price}
          onChange={(unit_price) => onChange({ unit_price })}
        />
      </Cell>
      <Cell label="Discount %">
        <MoneyField
          variant="unstyled"
          isQuantity
          aria-label={`${name}: discount in percent`}
          error={marks.get(pathIn(line, 'discount_percent'))}
          value={Number(line.discount_percent) === 0 ? '' : line.discount_percent}
          onChange={(discount_percent) => onChange({ discount_percent: discount_percent || '0.00' })}
        />
      </Cell>
    </>
  );
}

function LedgerCells({ invoice, line, name, amounts, taxes, wrong, marks, onChange }: Named) {
  const format = useFormat();
  const isSale = invoice.kind === 'customer';
  const { preferences } = taxes;
  const defaultCode = preferences?.[isSale ? 'default_income_code' : 'default_expense_code'];
  const takenTax = taxes.rates.find(({ tax_type }) => tax_type === taxTypeOf(line, taxes))?.name;
  const cell = { variant: 'unstyled', rightSectionWidth: 22, comboboxProps: { width: 240 } } as const;
  return (
    <>
      <Cell label="Code" isWrong={wrong?.has('accounting_code')}>
        <CodeField
          {...cell}
          kind={isSale ? 'income' : 'expense'}
          aria-label={`${name}: code`}
          placeholder={defaultCode ? `${defaultCode}, your default` : 'Pick a code'}
          error={marks.get(pathIn(line, 'accounting_code'))}
          value={line.accounting_code}
          onChange={(accounting_code) => onChange({ accounting_code })}
        />
      </Cell>
      <Cell label="Tax" isWrong={wrong?.has('tax_type')}>
        <TaxField
          {...cell}
          kind={invoice.kind}
          aria-label={`${name}: tax`}
          placeholder={takenTax ?? 'Pick a tax rate'}
          error={marks.get(pathIn(line, 'tax_type'))}
          value={line.tax_type}
          onChange={(tax_type) => onChange({ tax_type })}
        />
      </Cell>
      <Cell label="Cost centre" isWrong={wrong?.has('cost_center_id')}>
        <CostCenterField
          {...cell}
          clearable
          clearSectionMode="clear"
          clearButtonProps={{ 'aria-label': `${name}: no cost centre` }}
          spelled="here"
          aria-label={`${name}: cost centre`}
          placeholder="None"
          error={marks.get(pathIn(line, 'cost_center_id'))}
          value={line.cost_center_id}
          onChange={(cost_center_id) => onChange({ cost_center_id })}
        />
      </Cell>
      <td className="line-amount" data-label="Amount">
        {format.money(totalOf(line, amounts, taxes).line_amount, invoice.currency)}
      </td>
    </>
  );
}

type CellProps = { label: string; span?: number; isWrong?: boolean; children: ReactNode };

const Cell = ({ label, span, isWrong, children }: CellProps) => (
  <td colSpan={span} data-label={label} data-wrong={isWrong || undefined}>
    {children}
  </td>
);

function LineEnd({ name, row, isLast, onMove, onRemove }: Named) {
  return (
    <td className="line-end">
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={34} aria-label={`${name}: move or remove`}>
            <IconDots size={17} stroke={1.8} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            disabled={row === 0}
            leftSection={<IconArrowUp size={16} aria-hidden />}
            onClick={() => onMove(-1)}
          >
            Move up
          </Menu.Item>
          <Menu.Item
            disabled={isLast}
            leftSection={<IconArrowDown size={16} aria-hidden />}
            onClick={() => onMove(1)}
          >
            Move down
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={onRemove}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </td>
  );
}
