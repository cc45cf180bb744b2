import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type Ref, useEffect, useState } from 'react';

type Props = {
  label: string;
  placeholder: string;
  value: string;
  onChange: (q: string) => void;
  ref?: Ref<HTMLInputElement>;
};

/** A search field that settles a quarter of a second after the last key. */
export function SearchBox({ label, placeholder, value, onChange, ref }: Props) {
  const [typed, setTyped] = useState(value);
  const settle = useDebouncedCallback(onChange, 250);
  useEffect(() => setTyped(value), [value]);
  const type = (q: string) => {
    setTyped(q);
    settle(q.trim());
  };
  return (
    <TextInput
      ref={ref}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={typed && <CloseButton size="sm" aria-label="Clear the search" onClick={() => type('')} />}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      w={{ base: '100%', sm: 260 }}
    />
  );
}
