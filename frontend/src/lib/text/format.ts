// Numbers, times and sizes as words. Pure: what depends on the hour takes it as an argument.

import { fill, words } from './words.ts';

/** One of each kind of formatter for each language, made when it is first used. */
function once<T>(make: (locale: string) => T): () => T {
  const made: Record<string, T> = {};
  return () => (made[words.locale] ??= make(words.locale));
}

const dates = once((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
const days = once((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'full' }));
const moments = once(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
);
const numbers = once((locale) => new Intl.NumberFormat(locale));
const dollars = once(
  (locale) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', currencyDisplay: 'code' }),
);
const plurals = once((locale) => new Intl.PluralRules(locale));

export function formatDate(time: string): string {
  return dates().format(new Date(time));
}

/** A whole day, weekday and all. */
export function formatDay(time: string): string {
  return days().format(new Date(time));
}

export function formatMoment(time: string): string {
  return moments().format(new Date(time));
}

export function formatNumber(value: number): string {
  return numbers().format(value);
}

/** A size as it counts against a limit. */
export function formatMebibytes(bytes: number): string {
  return `${formatNumber(Math.floor(bytes / 1_048_576))} ${words.site.unit.mebibytes}`;
}

/** Millionths of a dollar, to the cent. */
export function formatUsd(micro: number): string {
  return dollars().format(micro / 1_000_000);
}

/** `12 s`, `4 min`, `2 h 5 min`; rounded to what a person can use. */
export function formatDuration(seconds: number): string {
  const { unit } = words.site;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} ${unit.seconds}`;
  const minutes = Math.round(whole / 60);
  if (minutes < 90) return `${minutes} ${unit.minutes}`;
  const hours = `${Math.floor(minutes / 60)} ${unit.hours}`;
  const rest = minutes % 60;
  return rest === 0 ? hours : `${hours} ${rest} ${unit.minutes}`;
}

export function secondsSince(time: string, nowMs: number): number {
  return Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000));
}

export function plural(forms: { one: string; other: string }, n: number): string {
  const form = plurals().select(n) === 'one' ? forms.one : forms.other;
  return fill(form, { n: formatNumber(n) });
}

/** The name of the browser that a `User-Agent` line tells of, for a person to recognise. */
export function browserName(userAgent: string): string {
  const known: [RegExp, string][] = [
    [/Edg\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ];
  const systems: [RegExp, string][] = [
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'Mac'],
    [/Linux/, 'Linux'],
  ];
  const name = (list: [RegExp, string][]) => list.find(([sign]) => sign.test(userAgent))?.[1];
  return [name(known), name(systems)].filter(Boolean).join(', ');
}
