// People on the real product: their letters, and the way past what a journey is not about.

import { expect, type Page } from '@playwright/test';
import { Client, samplePhotos } from '../../tools/client.mjs';

const standIns = process.env.STAND_INS ?? '';

let known = 0;

export interface Letter {
  to: string[];
  subject: string;
  links: string[];
  code: string | null;
}

/** Calls `/__control{path}` of the stand-ins: GET without a body, POST with one. */
export async function control<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${standIns}/__control${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

export async function lettersTo(address: string): Promise<Letter[]> {
  const letters = await control<Letter[]>('/letters');
  return letters.filter((letter) => letter.to.includes(address));
}

/** Asks for a letter on the sign-in page, and waits for it. */
export async function askForLetter(page: Page, address: string): Promise<Letter> {
  const before = (await lettersTo(address)).length;
  await page.getByLabel('Your e-mail address').fill(address);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  return arrived(address, before);
}

/** The newest letter to an address that had so many. */
export async function arrived(address: string, before = 0): Promise<Letter> {
  let letters: Letter[] = [];
  await expect
    .poll(async () => (letters = await lettersTo(address)).length, { timeout: 10_000 })
    .toBeGreaterThan(before);
  const newest = letters.at(-1);
  if (!newest) throw new Error('no letter');
  return newest;
}

/** Somebody whom this browser knows already: signed in over HTTP, and their session given to it. */
export async function somebody(page: Page, email: string): Promise<Client> {
  const appOrigin = process.env.APP_ORIGIN ?? '';
  // Each is a client of their own, since letters are counted by client.
  known += 1;
  const address = `10.7.${process.env.TEST_PARALLEL_INDEX ?? '0'}.${known}`;
  const person = new Client({ appOrigin, control }, { address });
  await person.signIn(email);
  const { hostname } = new URL(appOrigin);
  await page.context().addCookies(
    [...person.cookies].map(([name, value]) => ({
      name,
      value,
      // A cookie that is kept for the host alone has an address instead of a domain.
      url: `https://${hostname}/`,
      secure: true,
      httpOnly: true,
      sameSite: 'Strict' as const,
    })),
  );
  return person;
}

/** A model of theirs with four photos, not trained yet. */
export async function withPhotos(person: Client, name: string): Promise<string> {
  await person.consent();
  const { id } = await person.createModel(name, 'woman');
  for (const photo of await samplePhotos(4)) await person.upload(id, photo);
  return id as string;
}
