import type { Problem } from '#lib/api/problem.ts';

declare global {
  const __PHOTO_RETENTION_DAYS__: number;

  namespace App {
    interface Error {
      problem?: Problem;
    }
  }
}
