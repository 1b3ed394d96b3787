// What went wrong, as RFC 9457 says it. Every failure of a call becomes one Problem, also when
// nothing answered or the answer was not ours. It never carries a provider's own text.

const PROBLEM_BASE = 'https://selfie.pr/problems/';

export interface Problem {
  /** The last part of `type`, or `offline` and `unreadable-answer` for what has no type. */
  slug: string;
  status: number;
  title: string;
  detail: string;
  instance?: string;
  errors?: { pointer: string; detail: string }[];
  /** Seconds to wait, from the `Retry-After` header. */
  retry_after_s?: number;
  quota?: string;
  limit?: number;
  used?: number;
  /** Null where nothing comes back by waiting. */
  resets_at?: string | null;
  max_bytes?: number;
  version?: string;
  reason?: string;
  state?: string;
}

export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** A problem that this side found before, or instead of, an answer. */
export function localProblem(slug: string): Problem {
  return { slug, status: 0, title: '', detail: '' };
}

/** The Problem inside anything thrown; whatever else it is was a fault of this page. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  return { slug: 'page-fault', status: 0, title: '', detail: String(thrown) };
}

export async function readProblem(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const waits = Number.isFinite(retryAfter) ? { retry_after_s: retryAfter } : {};
  const kind = response.headers.get('Content-Type') ?? '';
  if (!kind.startsWith('application/problem+json')) return unreadable(response, waits);
  try {
    const body = (await response.json()) as Omit<Problem, 'slug'> & { type?: string };
    const type = body.type ?? '';
    const slug = type.startsWith(PROBLEM_BASE)
      ? type.slice(PROBLEM_BASE.length)
      : 'unreadable-answer';
    // What was answered counts, whatever a document of somebody else says of it.
    return { ...body, slug, status: response.status, ...waits };
  } catch {
    return unreadable(response, waits);
  }
}

function unreadable(response: Response, waits: { retry_after_s?: number }): Problem {
  const id = response.headers.get('X-Request-Id');
  return {
    slug: 'unreadable-answer',
    status: response.status,
    title: '',
    detail: '',
    ...(id ? { instance: `urn:request:${id}` } : {}),
    ...waits,
  };
}
