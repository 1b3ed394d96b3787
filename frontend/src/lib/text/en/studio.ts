// The words of the account.

export const account = {
  title: 'Account',
  signedInAs: 'Signed in as {who}',
  by: { email: 'by e-mail', facebook: 'with Facebook' },
  since: 'since {date}',
  statistics: 'Statistics',
  images: 'Sets of pictures',
  gpu: 'GPU time',
  trainingsToday: 'Trainings today',
  picturesToday: 'Sets of pictures today',
  captionsToday: 'Captions today',
  used: '{used} of {limit}',
  sessions: 'Where you are signed in',
  thisSession: 'this browser',
  session: 'Signed in {date}',
  lastSeen: 'last seen {date}',
  noSessions: 'Only here.',
  signOut: 'Sign out',
  everywhere: 'Sign out everywhere',
  everywhereQuestion: 'Sign out everywhere?',
  everywhereText: 'Every browser, this one included, has to sign in again.',
  data: 'Your data',
  exportText:
    'One ZIP file with your photos, captions, pictures and recipes, a journal for programs and a page that opens without the internet.',
  export: 'Download everything',
  consent: 'Your consent',
  consentGiven: 'You agreed to the text of {version} on {date}.',
  consentNone: 'You have not agreed to anything yet. You are asked before your first photo.',
  withdrawText:
    'You can withdraw it at any time. Deleting a model withdraws it for that model and its photos; deleting the account withdraws it altogether. Both act at every processor.',
  withdrawOne: 'Withdraw for one model',
  withdrawAll: 'Withdraw altogether',
  end: 'Delete the account',
  endText:
    'Photos, models, pictures, records and sign-ins go everywhere they are kept. You get a receipt that shows what is verified to be gone.',
  delete: 'Delete my account',
  deleteQuestion: 'Delete your account?',
  deleteText:
    'Everything goes at once and cannot be brought back. What is being made is stopped. Download your data first if you want to keep it.',
  deleteWord: 'delete',
};
