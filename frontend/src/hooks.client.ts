// Chooses the language before anything is drawn, and carries the Problem of a failed load to the
// error page; everything else that fails becomes a page fault.

import { problemOf, ProblemError } from '#lib/api/problem.ts';
import { chosenLanguage } from '#lib/text/language.ts';
import { speak } from '#lib/text/words.ts';
import type { ClientInit, HandleClientError } from '@sveltejs/kit/hooks';

export const init: ClientInit = async () => {
  const root = document.documentElement;
  const wanted = chosenLanguage();
  await speak(wanted);
  if (root.lang === wanted) return;
  root.lang = wanted;
  // What the build has drawn in another language cannot be taken over: it is drawn anew.
  document.querySelector('.root')?.replaceChildren();
};

export const handleError: HandleClientError = (caught) => {
  if (caught.kind === 'app') return;
  if (caught.kind === 'framework') {
    const { status, message } = caught.error;
    const slug = status === 404 ? 'not-found' : 'page-fault';
    return { status, message, problem: { slug, status, title: '', detail: message } };
  }
  if (!(caught.error instanceof ProblemError)) reportError(caught.error);
  const problem = problemOf(caught.error);
  const status =
    caught.error instanceof ProblemError && problem.status >= 400 ? problem.status : 503;
  return { status, message: problem.slug, problem };
};
