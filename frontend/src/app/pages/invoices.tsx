export function CustomerInvoices() {
  return null;
}
export function SupplierInvoices() {
  return null;
}
