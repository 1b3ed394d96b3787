// The text that is agreed to, as this page shows it, and what is sent when it is accepted.

import { POINTS, WORDED } from './consent.gen.ts';
import { fill, language, type Language } from './words.ts';

export interface ConsentText {
  version: string;
  language: Language;
  points: string[];
}

/** Where photos are kept for so many days, which is a part of what is agreed to. */
export function consentText(days: number): ConsentText {
  const points = POINTS[language].map((point) => fill(point, { days }));
  return { version: `${WORDED}.${days}`, language, points };
}
