import type { Problem } from '#lib/api/problem.ts';

declare global {
  /** What the pages say of the operator and of what they configured. */
  interface Site {
    origin: string;
    /** Empty where the operator has given no name. */
    operator: string;
    contact: string;
    photoRetentionDays: number;
    linkMinutes: number;
    sessionDays: number;
    mailer: 'Cloudflare' | 'Resend';
    facebook: boolean;
    turnstile: boolean;
  }

  const __SITE__: Site;

  namespace App {
    interface Error {
      problem?: Problem;
    }
  }
}
