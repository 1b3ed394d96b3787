// Pages are rendered at build time only, one after the other: each in the language of its address.

import { isLanguage, speak } from '#lib/text/words.ts';
import type { Handle } from '@sveltejs/kit/hooks';

export const handle: Handle = async ({ event, resolve }) => {
  const first = event.url.pathname.split('/')[1];
  const wanted = isLanguage(first) ? first : 'en';
  await speak(wanted);
  return resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%lang%', wanted),
  });
};
