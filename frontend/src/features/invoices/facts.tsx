import type { ReactNode } from 'react';

/** Facts by name; those without a value are left out. */
export function Facts({
  facts,
  className,
}: {
  facts: [name: string, value: ReactNode][];
  className?: string;
}) {
  return (
    <dl className={['invoice-facts', className].filter(Boolean).join(' ')}>
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
