/** A decimal as an integer and a scale: "12.30" is 1230 at scale 2. No floating point comes near an amount. */
export type Decimal = { units: bigint; scale: number };

export const DECIMAL_SHAPE = /^(-?)(\d+)(?:\.(\d+))?$/;

export function parseDecimal(amount: string): Decimal {
  const match = DECIMAL_SHAPE.exec(amount);
  if (!match) throw new RangeError(`Not a decimal amount: ${amount}`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

export function printDecimal({ units, scale }: Decimal): string {
  if (scale === 0) return units.toString();
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
