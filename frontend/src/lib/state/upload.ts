// One chosen photo on its way into the set, and which refusals are its own and which stop the line.

import type { Problem } from '../api/problem.ts';
import type { Finding } from '../photo/advice.ts';
import type { Unusable } from '../photo/look.worker.ts';
import type { Report } from '../photo/report.ts';
import type { Size } from '../photo/size.ts';

/**
 * ```text
 * waiting ─► looking ─┬─► ready ─► sending ─► stored, and gone from here
 *                     ├─► aside ─► ready, when the person wants it all the same
 *                     ├─► unusable
 *                     └─► failed ◄─ sending
 * ```
 */
type UploadState = 'waiting' | 'looking' | 'ready' | 'sending' | 'aside' | 'unusable' | 'failed';

/** A set that is full sets a photo aside as well. */
export type Reason = Finding | { what: 'full' };

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly chosen_at: number;
  /** An object URL of what will be sent, else of the file; the line revokes it. */
  preview: string | null;
  state: UploadState;
  /** Of the sending, from 0 to 100. */
  percent: number;
  reasons: Reason[];
  unusable: { why: Unusable; size: Size | null } | null;
  problem: Problem | null;
  report: Report | null;
  overruled: boolean;
}

/** Refusals that the next photo would get as well: the whole line waits. */
const STOPS = new Set([
  'offline',
  'not-signed-in',
  'session-too-old',
  'consent-required',
  'quota-exceeded',
  'too-many-requests',
  'conflict',
]);

const RETRIES_S = [2, 4, 8, 15, 30];
const SLOWEST_S = 30;

export const stopsTheLine = (problem: Problem): boolean =>
  STOPS.has(problem.slug) || isOutage(problem);

/** When the line goes on by itself, or null where only the person can mend it. */
export function goesOnAfterS(problem: Problem, tries: number): number | null {
  if (isOutage(problem)) return problem.retry_after_s ?? RETRIES_S[tries] ?? SLOWEST_S;
  return problem.slug === 'too-many-requests' ? (problem.retry_after_s ?? SLOWEST_S) : null;
}

/** Nobody answered, or nobody who could say anything of this photo. */
function isOutage({ slug, status }: Problem): boolean {
  // A refusal of one request is about that request, whoever worded it.
  const refused = status >= 400 && status < 500 && status !== 429;
  return slug === 'offline' || status >= 500 || (slug === 'unreadable-answer' && !refused);
}
