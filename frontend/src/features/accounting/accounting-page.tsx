export function AccountingPage() {
  return null;
}
