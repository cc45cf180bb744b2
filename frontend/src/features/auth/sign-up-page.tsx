import { Button, Input, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { NewPasswordField } from '@/ui/fields/new-password-field';
import { applyProblem, type FormFailure, FormSummary } from '@/ui/form-problem';
import { useSignUp } from './api';
import { AuthFrame } from './auth-frame';

const LABELS = {
  business_name: 'Business name',
  country: 'Country',
  name: 'Your name',
  email: 'E-mail',
  password: 'Password',
};
const COUNTRIES = [
  { value: 'NZ', label: 'New Zealand' },
  { value: 'AU', label: 'Australia' },
];
type Values = { business_name: string; country: 'NZ' | 'AU'; name: string; email: string; password: string };
const EMPTY: Values = { business_name: '', country: 'NZ', name: '', email: '', password: '' };

export function SignUpPage({ onSignedIn }: { onSignedIn: () => void }) {
  const form = useForm<Values>({ initialValues: EMPTY });
  const [failure, setFailure] = useState<FormFailure | null>(null);
  const signUp = useSignUp();

  const submit = form.onSubmit((values) => {
    setFailure(null);
    signUp.mutate(values, {
      onSuccess: onSignedIn,
      onError: (error) => setFailure(applyProblem(form, error, LABELS)),
    });
  });

  return (
    <AuthFrame
      title="Set up your business"
      intro="It takes a minute. You connect to Xero next."
      other={{ question: 'Already have a sign-in?', label: 'Sign in', to: '/sign-in' }}
    >
      <form onSubmit={submit} noValidate>
        <FormSummary failure={failure} />
        <Stack gap="md">
          <TextInput
            id="business_name"
            label={LABELS.business_name}
            autoComplete="organization"
            {...form.getInputProps('business_name')}
          />
          <Input.Wrapper label={LABELS.country} labelElement="div" error={form.errors.country}>
            <SegmentedControl
              id="country"
              fullWidth
              aria-label={LABELS.country}
              data={COUNTRIES}
              {...form.getInputProps('country', { withError: false })}
            />
          </Input.Wrapper>
          <TextInput id="name" label={LABELS.name} autoComplete="name" {...form.getInputProps('name')} />
          <TextInput
            id="email"
            label={LABELS.email}
            type="email"
            autoComplete="username"
            {...form.getInputProps('email')}
          />
          <NewPasswordField id="password" label={LABELS.password} {...form.getInputProps('password')} />
          <Button type="submit" fullWidth loading={signUp.isPending}>
            Set up {form.values.business_name.trim() || 'my business'}
          </Button>
        </Stack>
      </form>
    </AuthFrame>
  );
}
