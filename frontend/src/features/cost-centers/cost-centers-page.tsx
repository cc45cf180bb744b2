export function CostCentersPage() {
  return null;
}
