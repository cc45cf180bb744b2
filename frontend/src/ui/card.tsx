import { Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import './card.css';

type Props = {
  title: ReactNode;
  intro?: ReactNode;
  /** What stands at the right end of the head. */
  end?: ReactNode;
  /** The name that an address can point at with "#". */
  id?: string;
  /** Without padding: rows that reach from edge to edge. */
  flush?: boolean;
  children: ReactNode;
};

/** A part of a page under its own heading. */
export function Card({ title, intro, end, id, flush = false, children }: Props) {
  const name = useId();
  return (
    <section className="card" id={id} aria-labelledby={name}>
      <div className="card-head">
        <div>
          <Title order={2} id={name}>
            {title}
          </Title>
          {intro && <p className="card-intro">{intro}</p>}
        </div>
        {end}
      </div>
      {flush ? children : <div className="card-body">{children}</div>}
    </section>
  );
}
