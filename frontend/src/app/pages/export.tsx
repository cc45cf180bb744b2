export function ExportRun() {
  return null;
}
