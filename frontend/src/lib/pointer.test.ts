import { describe, expect, test } from 'vitest';
import { mapErrors, pathOf } from './pointer';

describe('a pointer', () => {
  test('becomes the path of a form', () => {
    expect(pathOf('#/lines/0/quantity')).toBe('lines.0.quantity');
    expect(pathOf('#/a~1b/c~0d')).toBe('a/b.c~d');
  });
});

describe('the faults of a refused form', () => {
  const fields = ['name', 'reference_parts'];

  test('go to their fields, those inside a list to the list', () => {
    const { fields: mapped } = mapErrors(
      [
        { pointer: '#/name', detail: 'Fill this in.' },
        { pointer: '#/reference_parts/2', detail: 'Name each part once.' },
      ],
      fields,
    );

    expect(mapped).toEqual({ name: 'Fill this in.', reference_parts: 'Name each part once.' });
  });

  test('are all shown when one field has several', () => {
    const { fields: mapped } = mapErrors(
      [
        { pointer: '#/name', detail: 'Too long.' },
        { pointer: '#/name', detail: 'Already taken.' },
      ],
      fields,
    );

    expect(mapped.name).toBe('Too long. Already taken.');
  });

  test('that belong to no field of the form are left for the summary', () => {
    const { fields: mapped, rest } = mapErrors(
      [{ pointer: '#/named', detail: 'Unknown field.' }, { detail: 'The body is empty.' }],
      fields,
    );

    expect(mapped).toEqual({});
    expect(rest).toEqual(['Unknown field.', 'The body is empty.']);
  });
});
