// Carries the Problem of a failed load to the error page; everything else becomes a page fault.

import { problemOf, ProblemError } from '#lib/api/problem.ts';
import type { HandleClientError } from '@sveltejs/kit/hooks';

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
