import { Checkbox, Fieldset, Group, SegmentedControl, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { Contact, ContactIn, Role } from '@/api/types';
import { DialogForm } from '@/ui/dialog-form';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { toastDone } from '@/ui/toast';
import { useSaveContact } from './api';
import { ROLE_LABELS } from './words';
import './contact-page.css';

const LABELS = {
  name: 'Company name',
  first_name: 'First name',
  last_name: 'Last name',
  roles: 'Roles',
  email: 'E-mail',
  phone: 'Phone',
  payer_reference: 'Payer reference',
  tax_number: 'GST number or ABN',
  address: 'Address',
};

const ADDRESS = {
  line1: 'Street or P.O. box',
  line2: 'Building or floor',
  city: 'City or town',
  postal_code: 'Postcode',
  region: 'State or region',
  country: 'Country',
} as const;

/** Whether a text is the name of a field of the form. */
export const isFieldName = (text: string) => Object.hasOwn(LABELS, text);

const ROLES = Object.keys(ROLE_LABELS) as Role[];

type Values = {
  kind: 'person' | 'company';
  name: string;
  first_name: string;
  last_name: string;
  roles: Role[];
  email: string;
  phone: string;
  payer_reference: string;
  tax_number: string;
  address: Record<keyof typeof ADDRESS, string>;
};

const valuesOf = (contact: Contact | null): Values => ({
  kind: contact?.kind ?? 'company',
  name: contact?.name ?? '',
  first_name: contact?.first_name ?? '',
  last_name: contact?.last_name ?? '',
  roles: contact?.roles ?? ['customer'],
  email: contact?.email ?? '',
  phone: contact?.phone ?? '',
  payer_reference: contact?.payer_reference ?? '',
  tax_number: contact?.tax_number ?? '',
  address: {
    line1: contact?.address?.line1 ?? '',
    line2: contact?.address?.line2 ?? '',
    city: contact?.address?.city ?? '',
    postal_code: contact?.address?.postal_code ?? '',
    region: contact?.address?.region ?? '',
    country: contact?.address?.country ?? '',
  },
});

/** A company has a name, a person a first and a last one; the names of the other kind are cleared. */
function bodyOf({ kind, name, first_name, last_name, roles, address, ...rest }: Values): ContactIn {
  const optional = Object.entries(rest).map(([field, value]) => [field, value.trim() || null]);
  const parts = Object.entries(address).map(([part, value]) => [part, value.trim() || null]);
  const isEmpty = parts.every(([, value]) => value === null);
  const person = { name: null, first_name: first_name.trim() || null, last_name: last_name.trim() || null };
  const company = { name: name.trim() || null, first_name: null, last_name: null };
  const named = kind === 'company' ? company : person;
  return {
    kind,
    roles,
    ...named,
    ...Object.fromEntries(optional),
    address: isEmpty ? null : Object.fromEntries(parts),
  };
}

type Props = {
  contact: Contact | null;
  /** The field that has the focus at first. */
  focus?: string;
  onClose: () => void;
  onSaved?: (contact: Contact) => void;
};

/** Adds a contact, or changes one. */
export function ContactForm({ contact, focus, onClose, onSaved }: Props) {
  const form = useForm<Values>({ initialValues: valuesOf(contact) });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const save = useSaveContact(contact?.id ?? null);
  const submit = form.onSubmit((values) => {
    setFailure(null);
    save.mutate(bodyOf(values), {
      onSuccess: (saved) => {
        toastDone(`${saved.display_name} was saved`);
        onClose();
        onSaved?.(saved);
      },
      onError: (error) => setFailure(applyProblem(form, error, LABELS)),
    });
  });
  const text = (field: keyof typeof LABELS) => ({
    id: field,
    label: LABELS[field],
    'data-autofocus': field === focus || undefined,
    ...form.getInputProps(field),
  });
  return (
    <DialogForm
      opened
      title={contact ? contact.display_name : 'Add a contact'}
      submit={contact ? 'Save contact' : 'Add contact'}
      busy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormSummary failure={failure} />
      <SegmentedControl
        aria-label="Kind of contact"
        data={[
          { value: 'company', label: 'Company' },
          { value: 'person', label: 'Person' },
        ]}
        {...form.getInputProps('kind')}
      />
      {form.values.kind === 'company' ? (
        <TextInput {...text('name')} />
      ) : (
        <SimpleGrid cols={2}>
          <TextInput {...text('first_name')} />
          <TextInput {...text('last_name')} />
        </SimpleGrid>
      )}
      <Checkbox.Group id="roles" label={LABELS.roles} {...form.getInputProps('roles')}>
        <Group mt={6}>
          {ROLES.map((role) => (
            <Checkbox key={role} value={role} label={ROLE_LABELS[role]} />
          ))}
        </Group>
      </Checkbox.Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput type="email" {...text('email')} />
        <TextInput type="tel" {...text('phone')} />
        <TextInput {...text('payer_reference')} />
        <TextInput {...text('tax_number')} />
      </SimpleGrid>
      <Fieldset
        className="address-fields"
        legend={LABELS.address}
        variant="unstyled"
        id="address"
        tabIndex={-1}
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {(Object.keys(ADDRESS) as (keyof typeof ADDRESS)[]).map((part) => (
            <TextInput key={part} label={ADDRESS[part]} {...form.getInputProps(`address.${part}`)} />
          ))}
        </SimpleGrid>
      </Fieldset>
    </DialogForm>
  );
}
