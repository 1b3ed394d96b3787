// Which language a person wants: the one they chose, or else the first of their browser's that there
// is. A choice travels as `?lang=` and is kept in this browser. Pages that need no script are
// there once in each language.

import { isLanguage, language, LANGUAGES, type Language } from './words.ts';

const STORED = 'language';
const IN_ADDRESS = 'lang';
/** Where those pages of the other languages are; English has no prefix. */
const READING = /^\/(de\/?)?(privacy|terms)?$/;

/** The language to speak on this page; takes a choice out of the address. */
export function chosenLanguage(): Language {
  const address = new URL(location.href);
  const asked = address.searchParams.get(IN_ADDRESS);
  if (isLanguage(asked)) {
    localStorage.setItem(STORED, asked);
    address.searchParams.delete(IN_ADDRESS);
    history.replaceState(history.state, '', address);
  }
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

const prefix = (wanted: Language): string => (wanted === 'en' ? '' : `/${wanted}`);

/** The address of a page that is there in each language, as `/privacy`. */
export function readingPage(path: string, wanted: Language = language): string {
  return `${prefix(wanted)}${path === '/' && wanted !== 'en' ? '' : path}`;
}

/** A way from a page without script into the studio, which then speaks the same language. */
export function intoStudio(path: string): string {
  return language === 'en' ? path : `${path}?${IN_ADDRESS}=${language}`;
}

/** This page in each language, with what the address asks of it. */
export function inEachLanguage(
  url: { pathname: string },
  search: string,
): { language: Language; name: string; href: string }[] {
  const all = Object.entries(LANGUAGES) as [Language, string][];
  const reading = READING.test(url.pathname);
  const path = url.pathname.replace(/^\/de(?=\/|$)/, '') || '/';
  const within = (wanted: Language) => {
    const query = new URLSearchParams(search);
    query.set(IN_ADDRESS, wanted);
    return `${url.pathname}?${query}`;
  };
  return all.map(([wanted, name]) => ({
    language: wanted,
    name,
    href: reading ? readingPage(path, wanted) : within(wanted),
  }));
}
