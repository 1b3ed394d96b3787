// Every language says everything, and nothing is left in another.

import { expect, test } from '@playwright/test';
import { de } from '../../../frontend/src/lib/text/de.ts';
import { en } from '../../../frontend/src/lib/text/en.ts';
import { readings } from '../../../frontend/src/lib/text/reading.ts';

/** What is the same in both, and rightly so. */
const SHARED = [
  'site.name',
  'site.studio',
  'site.unit.seconds',
  'site.unit.minutes',
  'site.unit.hours',
  'site.unit.mebibytes',
  'problemActions.inTime',
  // It stands for the list of those who handle data.
  'privacy.sections.3.paragraphs.0',
  'picture.keys.1.0',
  'picture.keys.0.0',
  'picture.keys.2.0',
  'picture.keys.3.0',
  'picture.keys.4.0',
  'picture.keys.6.0',
];

/** Every sentence under its place, such as `site.name`. */
function sentences(words: unknown, place = ''): Map<string, string> {
  if (typeof words === 'string') return new Map([[place, words]]);
  const inner = Object.entries(words as Record<string, unknown>);
  return new Map(
    inner.flatMap(([key, value]) => [...sentences(value, place ? `${place}.${key}` : key)]),
  );
}

const [english, german] = [
  sentences({ ...en, ...readings.en }),
  sentences({ ...de, ...readings.de }),
];
const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test('German has every sentence that English has, and no other', () => {
  expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
});

test('a sentence has the same places for values in both', () => {
  for (const [key, text] of english) {
    expect(places(german.get(key) ?? ''), key).toEqual(places(text));
  }
});

test('nothing in German is English still', () => {
  const left = [...english].filter(([key, text]) => german.get(key) === text).map(([key]) => key);
  const names = (key: string) => key.endsWith('.id') || SHARED.includes(key);
  expect(left.filter((key) => !names(key))).toEqual([]);
  const suspicious = /\b(the|and|your|with|photos|pictures|you)\b/i;
  const leaks = [...german].filter(([, text]) => suspicious.test(text)).map(([key]) => key);
  expect(leaks.filter((key) => !names(key))).toEqual([]);
});
