// How many days photos are kept, as the operator configured it when the site was built
// (`PHOTO_RETENTION_DAYS`). Signed-in pages use what the account says instead.

export const photoRetentionDays: number = __PHOTO_RETENTION_DAYS__;
