// RFC 9116. Expires is set by the build, so a site that nobody builds any more says so.

import { site } from '#lib/text/retention.ts';

export const prerender = true;

const DAYS_VALID = 180;

export function GET(): Response {
  const expires = new Date(Date.now() + DAYS_VALID * 86_400_000);
  expires.setUTCHours(0, 0, 0, 0);
  const lines = [
    `Contact: mailto:${site.contact}`,
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: en',
    `Canonical: ${site.origin}/.well-known/security.txt`,
    `Policy: ${site.origin}/terms#weaknesses`,
  ];
  return new Response(`${lines.join('\n')}\n`, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
