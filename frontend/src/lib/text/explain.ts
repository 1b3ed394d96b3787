// From a refusal to words: a title, a sentence, and the one useful next step.

import { formatDuration, formatMebibytes, formatMoment, formatNumber } from './format.ts';
import { fill, words } from './words.ts';

/** What this module needs to know of a problem document. */
export interface Refusal {
  slug: string;
  detail: string;
  instance?: string;
  errors?: { pointer: string; detail: string }[];
  retry_after_s?: number;
  quota?: string;
  limit?: number;
  used?: number;
  resets_at?: string | null;
  reason?: string;
}

type NextStep = 'retry' | 'reload' | 'sign-in' | 'new-link' | 'consent' | 'studio' | 'none';

export interface Explanation {
  title: string;
  detail: string;
  next: NextStep;
  /** For a person who writes to us. */
  reference: string | null;
}

const NEXT: Record<string, NextStep> = {
  'not-signed-in': 'sign-in',
  'session-too-old': 'sign-in',
  'link-invalid': 'new-link',
  'other-browser': 'new-link',
  'consent-required': 'consent',
  'not-found': 'studio',
  'malformed-request': 'reload',
  'idempotency-key-required': 'reload',
  'idempotency-key-reused': 'reload',
  'page-fault': 'reload',
  'page-outdated': 'reload',
  conflict: 'reload',
  'invalid-request': 'none',
  'photo-rejected': 'none',
  'too-large': 'none',
  'unsupported-media-type': 'none',
  'quota-exceeded': 'none',
  misconfigured: 'none',
};

const OURS = new Set(['internal', 'unreadable-answer', 'misconfigured', 'page-fault']);

export function explain(refusal: Refusal): Explanation {
  const known = words.problems[refusal.slug] ?? words.problems['unreadable-answer'];
  const sentences = [detailOf(refusal) || known?.detail || refusal.detail];
  if (refusal.resets_at) {
    sentences.push(`${words.problemActions.waitUntil}: ${formatMoment(refusal.resets_at)}.`);
  } else if (refusal.retry_after_s) {
    const wait = fill(words.problemActions.inTime, { time: formatDuration(refusal.retry_after_s) });
    sentences.push(`${words.problemActions.waitUntil} ${wait}.`);
  }
  return {
    title: known?.title ?? refusal.detail,
    detail: sentences.filter(Boolean).join(' '),
    next: NEXT[refusal.slug] ?? 'retry',
    reference: OURS.has(refusal.slug)
      ? (refusal.instance?.replace('urn:request:', '') ?? null)
      : null,
  };
}

function detailOf(refusal: Refusal): string {
  if (refusal.reason && words.rejected[refusal.reason]) return words.rejected[refusal.reason] ?? '';
  if (refusal.slug === 'invalid-request' && refusal.errors?.length) {
    return refusal.errors.map(({ pointer, detail }) => words.fields[pointer] ?? detail).join(' ');
  }
  if (refusal.slug === 'quota-exceeded' && refusal.limit !== undefined) {
    const { quota = '', limit, used = limit } = refusal;
    const amount = quota === 'stored_photo_bytes' ? formatMebibytes : formatNumber;
    const sentence = words.quotas[quota] ?? `${words.account.used}.`;
    return fill(sentence, { used: amount(used), limit: amount(limit) });
  }
  return '';
}

/** Why something failed; for a reason without words here, in those of the server. */
export function whyFailed(
  failure: { reason: string; detail: string },
  known: Record<string, string>,
): string {
  return known[failure.reason] ?? failure.detail;
}
