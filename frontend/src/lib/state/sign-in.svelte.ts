// One attempt to sign in by mail: who was written to, when, and when another mail may be asked for.
// Survives a reload, because a phone often drops the tab while the mail is being read.

import type { Api } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { Clock } from './clock.svelte.ts';

const STORED = 'sign-in';
const RESEND_AFTER_S = 60;

interface Attempt {
  email: string;
  sentAt: number;
  expiresInS: number;
}

export class SignIn {
  attempt = $state<Attempt | null>(null);
  busy = $state<'sending' | 'confirming' | null>(null);
  problem = $state<Problem | null>(null);
  resent = $state(false);
  /** How often a mail was asked for, with or without success. */
  sends = $state(0);

  readonly #api: Api;
  readonly #clock: Clock;

  constructor(api: Api, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** Takes up an attempt that this tab began before it was reloaded. */
  resume(): void {
    const stored = sessionStorage.getItem(STORED);
    if (!stored) return;
    const attempt = JSON.parse(stored) as Attempt;
    if (Date.now() < attempt.sentAt + attempt.expiresInS * 1000) this.attempt = attempt;
    else sessionStorage.removeItem(STORED);
  }

  get resendInS(): number {
    if (!this.attempt) return 0;
    return Math.max(0, RESEND_AFTER_S - Math.floor((this.#clock.now - this.attempt.sentAt) / 1000));
  }

  /** `check` is the token of the box that the form may have. */
  async send(email: string, next: string | null, check: string | null = null): Promise<void> {
    if (this.busy) return;
    this.busy = 'sending';
    this.problem = null;
    const again = this.attempt !== null;
    try {
      const sent = await this.#api.requestLink({
        email,
        ...(next ? { next } : {}),
        ...(check ? { 'cf-turnstile-response': check } : {}),
      });
      this.attempt = { email, sentAt: Date.now(), expiresInS: sent.expires_in_s };
      this.resent = again;
      sessionStorage.setItem(STORED, JSON.stringify(this.attempt));
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.busy = null;
      this.sends += 1;
    }
  }

  /** Where to go when the proof was good, else null and `problem` says why. */
  async confirm(proof: { token: string } | { code: string }): Promise<string | null> {
    if (this.busy) return null;
    this.busy = 'confirming';
    this.problem = null;
    try {
      const { next } = await this.#api.confirm(proof);
      sessionStorage.removeItem(STORED);
      return next;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return null;
    } finally {
      this.busy = null;
    }
  }

  startOver(): void {
    sessionStorage.removeItem(STORED);
    this.attempt = null;
    this.problem = null;
    this.resent = false;
  }
}
