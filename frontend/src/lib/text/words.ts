// The language in use. Components take their words from here, never from a language file.

import { en, type Words } from './en.ts';

export const words: Words = en;

/** Puts values into the `{names}` of a sentence. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
