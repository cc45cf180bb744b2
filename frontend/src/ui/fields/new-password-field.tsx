import { PasswordInput, type PasswordInputProps } from '@mantine/core';

/** A password to be chosen: typed once, with a button that shows it. */
export function NewPasswordField(props: PasswordInputProps) {
  return (
    <PasswordInput
      description="Three or four words you’ll remember make a good one."
      autoComplete="new-password"
      aria-invalid={Boolean(props.error)}
      {...props}
    />
  );
}
