// Keys for calls that cost money. A key is kept in this tab until the call was answered, so that
// repeating a call whose answer got lost repeats the key and cannot charge twice.

import type { Problem } from './problem.ts';

const PREFIX = 'pending:';

export interface PendingCall {
  key: string;
  accepted(): void;
  /** `replayed`: the server repeated an earlier refusal, so this key can only be refused again. */
  refused(problem: Problem, replayed: boolean): void;
}

/** The key for this very body: a new one, or the one of an earlier try that nobody answered. */
export function pendingCall(path: string, body: string): PendingCall {
  const name = `${PREFIX}${path}:${body}`;
  const key = sessionStorage.getItem(name) ?? crypto.randomUUID();
  sessionStorage.setItem(name, key);
  const forget = () => sessionStorage.removeItem(name);
  return {
    key,
    accepted: forget,
    refused({ slug, status }, replayed) {
      // While the first call still runs (409) or something failed at an unknown point, be it the
      // server or what is in front of it, the next press must ask about the same operation. Only
      // a provider's refusal is decided.
      const undecided = status === 409 || (status >= 500 && slug !== 'provider-refused');
      if (replayed || !undecided) forget();
    },
  };
}
