// Numbers, times and sizes as words. Pure: what depends on the hour takes it as an argument.

const LOCALE = 'en-GB';
const dates = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
const moments = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const numbers = new Intl.NumberFormat(LOCALE);
const dollars = new Intl.NumberFormat(LOCALE, {
  style: 'currency',
  currency: 'USD',
  currencyDisplay: 'code',
});
const plurals = new Intl.PluralRules(LOCALE);

export function formatDate(time: string): string {
  return dates.format(new Date(time));
}

export function formatMoment(time: string): string {
  return moments.format(new Date(time));
}

export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** Millionths of a dollar, to the cent. */
export function formatUsd(micro: number): string {
  return dollars.format(micro / 1_000_000);
}

/** `12 s`, `4 min`, `2 h 5 min`; rounded to what a person can use. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

export function secondsSince(time: string, nowMs: number): number {
  return Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000));
}

export function plural(forms: { one: string; other: string }, n: number): string {
  const form = plurals.select(n) === 'one' ? forms.one : forms.other;
  return form.replace('{n}', formatNumber(n));
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
