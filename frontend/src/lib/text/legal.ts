// The legal texts with what the operator configured put into them.

import { type LegalSection, PROCESSORS, processors } from './en/legal.ts';
import { site } from './retention.ts';
import { fill } from './words.ts';

function handlers(): string[] {
  const { cloudflare, bytescale, replicate, mailer, facebook } = processors;
  return [cloudflare, bytescale, replicate, mailer, ...(site.facebook ? [facebook] : [])];
}

/** The sections as they are read. */
export function filled(sections: LegalSection[]): LegalSection[] {
  const values = {
    operator: site.operator,
    contact: site.contact,
    days: site.photoRetentionDays,
    sessionDays: site.sessionDays,
    minutes: site.linkMinutes,
    mailer: site.mailer,
  };
  return sections.map((section) => ({
    ...section,
    paragraphs: section.paragraphs
      .flatMap((text) => (text === PROCESSORS ? handlers() : [text]))
      .map((text) => fill(text, values)),
  }));
}
