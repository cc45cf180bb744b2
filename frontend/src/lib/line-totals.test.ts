import { describe, expect, test } from 'vitest';
import { type Amounts, invoiceTotals, lineTotal } from './line-totals';

const line = (quantity: string, unit_price: string, discount_percent = '0.00', tax_rate = '15.0000') => ({
  quantity,
  unit_price,
  discount_percent,
  tax_rate,
});

describe('the amount of a line', () => {
  test.each([
    ['is quantity times price', line('6.5000', '95.0000'), 'exclusive', '617.50', '92.63'],
    ['loses the discount before it is rounded', line('11', '486', '5'), 'exclusive', '5078.70', '761.81'],
    ['is rounded half-up', line('1', '0.1250', '0', '0'), 'exclusive', '0.13', '0.00'],
    ['is rounded away from zero for a credit', line('-1', '0.1250', '0', '0'), 'exclusive', '-0.13', '0.00'],
    ['keeps its digits where a float would not', line('3', '1.005', '0', '0'), 'exclusive', '3.02', '0.00'],
    ['contains the tax when prices do', line('1', '115.00'), 'inclusive', '115.00', '15.00'],
    ['has no tax where there is none', line('2', '40'), 'no_tax', '80.00', '0.00'],
  ] as const)('%s', (_, priced, amounts, line_amount, tax_amount) => {
    expect(lineTotal(priced, amounts)).toEqual({ line_amount, tax_amount });
  });
});

describe('the totals of an invoice', () => {
  const totalsOf = (amounts: Amounts) =>
    invoiceTotals(
      [line('1', '0.10'), line('1', '0.10'), line('1', '0.10')].map((one) => lineTotal(one, amounts)),
      amounts,
    );

  test('round the tax on each line, not on their sum', () => {
    expect(totalsOf('exclusive')).toEqual({ subtotal: '0.30', tax_total: '0.06', total: '0.36' });
  });

  test('take the tax out of prices that contain it', () => {
    expect(totalsOf('inclusive')).toEqual({ subtotal: '0.27', tax_total: '0.03', total: '0.30' });
  });

  test('of no lines are zero', () => {
    expect(invoiceTotals([], 'exclusive')).toEqual({ subtotal: '0.00', tax_total: '0.00', total: '0.00' });
  });
});
