// Asks after several records at once, so that what is said of one does not hide the answers beside it.

import { problemOf, ProblemError } from '../api/problem.ts';

interface Answers<T> {
  found: T[];
  /** The ids of those that are not there any more. */
  gone: string[];
  /** The first refusal that says nothing of its record; to be thrown when the rest is taken in. */
  refused: ProblemError | null;
}

export async function askAll<T>(
  ids: string[],
  ask: (id: string) => Promise<T>,
): Promise<Answers<T>> {
  const answers: Answers<T> = { found: [], gone: [], refused: null };
  const settled = await Promise.allSettled(ids.map(ask));
  for (const [at, one] of settled.entries()) {
    if (one.status === 'fulfilled') {
      answers.found.push(one.value);
      continue;
    }
    const problem = problemOf(one.reason);
    if (problem.slug === 'not-found') answers.gone.push(ids[at] ?? '');
    else answers.refused ??= new ProblemError(problem);
  }
  return answers;
}
