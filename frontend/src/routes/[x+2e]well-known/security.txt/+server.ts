// RFC 9116. Expires is set by the build, so a site that nobody builds any more says so.

export const prerender = true;

const DAYS_VALID = 180;

export function GET(): Response {
  const expires = new Date(Date.now() + DAYS_VALID * 86_400_000).toISOString();
  const lines = [
    'Contact: mailto:security@selfie.pr',
    'Canonical: https://selfie.pr/.well-known/security.txt',
    'Policy: https://selfie.pr/privacy',
    'Preferred-Languages: en',
    `Expires: ${expires}`,
  ];
  return new Response(`${lines.join('\n')}\n`, { headers: { 'Content-Type': 'text/plain' } });
}
