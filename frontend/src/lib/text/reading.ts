// The words of the pages that are read without a script, which the other pages need not load.

import { landing as deLanding } from './de/landing.ts';
import * as deLegal from './de/legal.ts';
import { landing as enLanding } from './en/landing.ts';
import { foreignScripts, privacy, processors, terms, unnamedOperator } from './en/legal.ts';
import { language, type Language } from './words.ts';

const en = {
  landing: enLanding,
  privacy,
  processors,
  foreignScripts,
  unnamedOperator,
  terms,
};

export type Reading = typeof en;

export const readings: Record<Language, Reading> = {
  en,
  de: {
    landing: deLanding,
    privacy: deLegal.privacy,
    processors: deLegal.processors,
    foreignScripts: deLegal.foreignScripts,
    unnamedOperator: deLegal.unnamedOperator,
    terms: deLegal.terms,
  },
};

/** Those of the language in use. */
export const reading = (): Reading => readings[language];
