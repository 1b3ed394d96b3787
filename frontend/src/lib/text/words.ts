// The language in use. Components take their words from here, never from a language file. It is
// chosen before anything is drawn, and a page speaks it for its whole life.

import { en, type Words } from './en.ts';

/** Each language by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof LANGUAGES;

export let language: Language = 'en';
export let words: Words = en;

export function isLanguage(text: string | null | undefined): text is Language {
  return text !== null && text !== undefined && Object.hasOwn(LANGUAGES, text);
}

/** Fetches the words of a language and speaks it from now on. */
export async function speak(wanted: Language): Promise<void> {
  words = wanted === 'de' ? (await import('./de.ts')).de : en;
  language = wanted;
}

/** Puts values into the `{names}` of a sentence. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
