// Lets the site be installed, and says so when there is no connection. It keeps the shell: the
// offline page with its style, and files of the build whose names change with their content. Answers
// of the API and pictures are never kept, nor even looked at.

import { version } from '$app/env';
import { self } from '$app/service-worker';

const SHELL = `shell-${version}`;
const OFFLINE = '/offline';
const BUILT = '/_app/immutable/';

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(navigate(request));
  else if (url.pathname.startsWith(BUILT)) event.respondWith(fromShell(request));
});

async function install(): Promise<void> {
  const shell = await caches.open(SHELL);
  const page = await fetch(OFFLINE);
  const html = await page.clone().text();
  const styles = [...html.matchAll(/href="([^"]+\.css)"/g)].map(([, href]) => href ?? '');
  await shell.put(OFFLINE, page);
  await shell.addAll([...styles, '/favicon.svg']);
  await self.skipWaiting();
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
}

async function navigate(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    // Nobody answers: that is what the page says.
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

async function fromShell(request: Request): Promise<Response> {
  const known = await caches.match(request);
  if (known) return known;
  const fresh = await fetch(request);
  if (fresh.ok) await (await caches.open(SHELL)).put(request, fresh.clone());
  return fresh;
}
