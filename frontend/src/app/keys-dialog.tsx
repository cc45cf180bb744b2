import { Modal } from '@mantine/core';
import { Fragment } from 'react';
import { useOverlay } from '@/ui/use-overlay';
import './keys-dialog.css';

const KEYS: readonly (readonly [string, readonly string[], string])[] = [
  ['Anywhere', ['Ctrl K'], 'Find a page, invoice, contact or job'],
  ['In a list', ['↓', 'J'], 'Next row'],
  ['In a list', ['↑', 'K'], 'Row before'],
  ['In a list', ['X'], 'Tick or untick'],
  ['In a list', ['Shift X'], 'Tick every row from the last one ticked to here'],
  ['In a list', ['Enter'], 'Open the row'],
  ['In a list', ['Esc'], 'Close what is open'],
  ['In an open invoice', ['J'], 'Next invoice of the list'],
  ['In an open invoice', ['K'], 'Invoice before'],
  ['In a list', ['/'], 'Search'],
  ['In a list', ['?'], 'These keys'],
];

/** The keys of the app; opened by "?" in a list and from the help menu. */
export function KeysDialog() {
  const dialog = useOverlay('keys');
  return (
    <Modal opened={dialog.opened} onClose={dialog.close} title="Keys" centered>
      {['Anywhere', 'In a list', 'In an open invoice'].map((where) => (
        <section key={where} className="keys">
          <h3>{where}</h3>
          <dl>
            {KEYS.filter(([place]) => place === where).map(([, keys, does]) => (
              <Fragment key={does}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </Fragment>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
