export function StatusChangesPage() {
  return null;
}
