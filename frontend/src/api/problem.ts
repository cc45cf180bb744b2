/** The place in the app where a problem is fixed. */
export type Fix = { label: string; href: string };

/** One error in a request: `pointer` is a place in the body, `parameter` one of the query. */
export type FieldError = { pointer?: string; parameter?: string; code?: string; detail: string };

type Facts = {
  status: number;
  code: string;
  title: string;
  detail?: string | null;
  errors?: FieldError[];
  fix?: Fix | null;
  requestId?: string | null;
  retryAfterMs?: number | null;
};

/** Any answer of the API that is not a success (RFC 9457), or no answer at all (`code: "network"`, status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly errors: FieldError[];
  readonly fix: Fix | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;

  constructor(facts: Facts) {
    super(facts.title);
    this.name = 'Problem';
    this.status = facts.status;
    this.code = facts.code;
    this.title = facts.title;
    this.detail = facts.detail ?? null;
    this.errors = facts.errors ?? [];
    this.fix = facts.fix ?? null;
    this.requestId = facts.requestId ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }

  static fromResponse(response: Response, body: unknown): Problem {
    const facts: Record<string, unknown> = body !== null && typeof body === 'object' ? { ...body } : {};
    const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
    return new Problem({
      status: response.status,
      code: text(facts.code) ?? `http_${response.status}`,
      title: text(facts.title) ?? 'Jobtally couldn’t do that',
      detail: text(facts.detail),
      errors: Array.isArray(facts.errors) ? (facts.errors as FieldError[]) : [],
      fix: isFix(facts.fix) ? facts.fix : null,
      requestId: text(facts.request_id) ?? response.headers.get('X-Request-Id'),
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
    });
  }

  /** No answer came: the server, or the way to it, is away. */
  static unreachable(): Problem {
    return new Problem({
      status: 0,
      code: 'network',
      title: 'Jobtally can’t be reached',
      detail: 'Check your internet connection, then try again. Nothing was lost.',
    });
  }

  /** Whatever was thrown, as a problem that can be shown. */
  static from(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem({ status: 0, code: 'app', title: 'Something went wrong on this page' });
  }

  /** Whether the same request may well succeed in a moment. */
  get isTemporary(): boolean {
    return this.code === 'network' || [502, 503, 504].includes(this.status);
  }
}

export const isProblem = (error: unknown, ...codes: string[]): error is Problem =>
  error instanceof Problem && (codes.length === 0 || codes.includes(error.code));

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const isFix = (value: unknown): value is Fix =>
  value !== null && typeof value === 'object' && 'label' in value && 'href' in value;
