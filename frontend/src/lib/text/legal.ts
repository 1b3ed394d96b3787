// The legal texts with what the operator configured put into them.

import { type LegalSection, PROCESSORS } from './en/legal.ts';
import { reading } from './reading.ts';
import { site } from './retention.ts';
import { fill } from './words.ts';

function handlers(): string[] {
  const { cloudflare, bytescale, replicate, mailer, facebook, turnstile } = reading().processors;
  const optional = [...(site.facebook ? [facebook] : []), ...(site.turnstile ? [turnstile] : [])];
  return [cloudflare, bytescale, replicate, mailer, ...optional];
}

/** The sections as they are read. */
export function filled(sections: LegalSection[]): LegalSection[] {
  const { foreignScripts, unnamedOperator } = reading();
  const values = {
    operator: site.operator || fill(unnamedOperator, { host: new URL(site.origin).host }),
    contact: site.contact,
    days: site.photoRetentionDays,
    sessionDays: site.sessionDays,
    minutes: site.linkMinutes,
    mailer: site.mailer,
    scripts: site.turnstile ? foreignScripts.check : foreignScripts.none,
  };
  return sections.map((section) => ({
    ...section,
    paragraphs: section.paragraphs
      .flatMap((text) => (text === PROCESSORS ? handlers() : [text]))
      .map((text) => fill(text, values)),
  }));
}
