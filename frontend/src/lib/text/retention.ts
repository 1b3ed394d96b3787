// What the operator configured when the site was built. Signed-in pages use what the account says
// of the days that photos are kept instead.

export const site: Site = __SITE__;

export const photoRetentionDays: number = site.photoRetentionDays;
