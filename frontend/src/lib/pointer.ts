/** One fault the server found; the pointer says where in the body. */
type FieldFault = { pointer?: string; detail: string };

/** "#/lines/0/quantity" as the form path "lines.0.quantity". */
export function pathOf(pointer: string): string {
  return pointer
    .replace(/^#?\/?/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

export type MappedErrors = { fields: Record<string, string>; rest: string[] };

/**
 * Sorts a problem's faults into those of the form's own fields and the rest, which the summary has to show.
 * A fault inside a field ("reference_parts.1") belongs to the nearest field around it.
 */
export function mapErrors(errors: readonly FieldFault[], fields: readonly string[]): MappedErrors {
  const mapped: MappedErrors = { fields: {}, rest: [] };
  for (const error of errors) {
    const path = pathOf(error.pointer ?? '');
    const field = fields.find((name) => path === name || path.startsWith(`${name}.`));
    if (!field) mapped.rest.push(error.detail);
    else mapped.fields[field] = [mapped.fields[field], error.detail].filter(Boolean).join(' ');
  }
  return mapped;
}
