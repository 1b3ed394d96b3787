// What the pages say of the operator's configuration: the variables of wrangler.toml, which the
// Worker reads too, with the environment of the build before them. No secret is among them.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const deployment = readFileSync(new URL('../wrangler.toml', import.meta.url), 'utf8');
const [, vars = ''] = deployment.split('\n[vars]\n');
const [table = ''] = vars.split('\n[');
const declared = new Map(
  [...table.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name = '', value = '']) => [name, value]),
);

/** The value of a variable; of one that is empty or absent, the default. */
function variable(name: string, otherwise: string): string {
  return (process.env[name] ?? declared.get(name)) || otherwise;
}

const origin = variable('APP_ORIGIN', 'https://selfie.pr');
const sender = variable('EMAIL_FROM', `Selfie.pr <hello@${new URL(origin).host}>`);
const [, senderAddress = sender] = /<(.+)>/.exec(sender) ?? [];

/** Where the pictures live, for the content policy. */
export const mediaOrigin = new URL(variable('BYTESCALE_CDN_URL', 'https://upcdn.io'))
  .origin as `https://${string}.${string}`;

const turnstile = variable('TURNSTILE_SITE_KEY', '') !== '';

/**
 * The script and the frame of Turnstile, where it is configured: the one thing that a page loads
 * from elsewhere. Without a site key the content policy does not know of it.
 */
export const turnstileOrigins = (
  turnstile
    ? [new URL(variable('TURNSTILE_URL', 'https://challenges.cloudflare.com/turnstile/v0')).origin]
    : []
) as `https://${string}.${string}`[];

export const site: Site = {
  origin,
  operator: variable('OPERATOR_NAME', ''),
  contact: variable('OPERATOR_EMAIL', senderAddress),
  photoRetentionDays: Number(variable('PHOTO_RETENTION_DAYS', '30')),
  linkMinutes: Math.ceil(Number(variable('LINK_TTL_S', '600')) / 60),
  sessionDays: Math.ceil(Number(variable('SESSION_TTL_S', '604800')) / 86_400),
  mailer: variable('EMAIL_ADAPTER', 'cloudflare') === 'resend' ? 'Resend' : 'Cloudflare',
  facebook: variable('FACEBOOK_APP_ID', '') !== '',
  turnstile,
};

/** The commit that is built, so that the same sources give the same pages. */
export function revision(): string {
  if (process.env.SELFIE_REVISION) return process.env.SELFIE_REVISION;
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { stdio: [...stdio] })
      .toString()
      .trim();
  } catch {
    // A build from an archive has no history to name.
    return 'unversioned';
  }
}
