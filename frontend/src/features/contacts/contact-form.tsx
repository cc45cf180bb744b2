import { Checkbox, Group, SegmentedControl, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { Contact, ContactIn, Role } from '@/api/types';
import { DialogForm } from '@/ui/dialog-form';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { ProblemNotes } from '@/ui/problem-note';
import { toastDone } from '@/ui/toast';
import { useSaveContact } from './api';
import { ROLE_LABELS } from './words';

const LABELS = {
  name: 'Company name',
  first_name: 'First name',
  last_name: 'Last name',
  roles: 'Roles',
  email: 'E-mail',
  phone: 'Phone',
  payer_reference: 'Payer reference',
  tax_number: 'GST number or ABN',
};
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
});

/** A company has a name, a person a first and a last one; the names of the other kind are cleared. */
function bodyOf({ kind, name, first_name, last_name, roles, ...rest }: Values): ContactIn {
  const optional = Object.entries(rest).map(([field, value]) => [field, value.trim() || null]);
  const person = { name: null, first_name: first_name.trim() || null, last_name: last_name.trim() || null };
  const company = { name: name.trim() || null, first_name: null, last_name: null };
  const named = kind === 'company' ? company : person;
  return { kind, roles, ...named, ...Object.fromEntries(optional) };
}

type Props = { contact: Contact | null; onClose: () => void };

export function ContactForm({ contact, onClose }: Props) {
  const form = useForm<Values>({ initialValues: valuesOf(contact) });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const save = useSaveContact(contact?.id ?? null);
  const submit = form.onSubmit((values) => {
    setFailure(null);
    save.mutate(bodyOf(values), {
      onSuccess: (saved) => {
        toastDone(`${saved.display_name} was saved`);
        onClose();
      },
      onError: (error) => setFailure(applyProblem(form, error, LABELS)),
    });
  });
  const text = (field: keyof typeof LABELS) => ({
    id: field,
    label: LABELS[field],
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
      {contact && <ProblemNotes problems={contact.problems} remarks={contact.remarks} />}
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
    </DialogForm>
  );
}
