// What a person reads when something was refused or failed: what happened and what to do.

export interface ProblemWords {
  title: string;
  detail: string;
}

export const problems: Record<string, ProblemWords> = {
  offline: {
    title: 'No connection',
    detail: 'Nothing was lost. Try again when you are online.',
  },
  'unreadable-answer': {
    title: 'The answer made no sense',
    detail: 'Something between you and us failed. Try again in a moment.',
  },
  'page-fault': {
    title: 'This page failed',
    detail: 'That is our mistake. Loading it again usually helps.',
  },
  'page-outdated': {
    title: 'This page is out of date',
    detail: 'It has changed since it was opened. Load it again.',
  },
  'not-looked-at': {
    title: 'Not looked at',
    detail: 'What looks at photos did not load. Check the connection and try again.',
  },
  'invalid-request': {
    title: 'Something is not right yet',
    detail: 'Check what you typed and try once more.',
  },
  'malformed-request': { title: 'The request was damaged', detail: 'Load the page again.' },
  'idempotency-key-required': { title: 'This page is out of date', detail: 'Load it again.' },
  'idempotency-key-reused': { title: 'This page is out of date', detail: 'Load it again.' },
  'not-signed-in': { title: 'You are signed out', detail: 'Sign in to go on where you were.' },
  'session-too-old': {
    title: 'Please sign in once more',
    detail: 'This needs a sign-in from the last ten minutes.',
  },
  'link-invalid': {
    title: 'That link or code no longer works',
    detail:
      'It was used, replaced by a newer one, or is older than ten minutes. Ask for a new one.',
  },
  'other-browser': {
    title: 'You asked in another browser',
    detail:
      'Go back to the browser where you typed your address, and type the code from the mail there.',
  },
  'cross-site': { title: 'Refused', detail: 'The request came from another site.' },
  'consent-required': {
    title: 'Your agreement is needed first',
    detail: 'The text has changed or was not accepted yet.',
  },
  'not-found': { title: 'There is nothing here', detail: 'It was deleted, or never was.' },
  'method-not-allowed': { title: 'That is not possible here', detail: 'Load the page again.' },
  conflict: { title: 'It changed meanwhile', detail: 'Load the page again to see how it is now.' },
  'operation-in-progress': {
    title: 'Already on its way',
    detail: 'Your first request is still being worked on. Nothing runs twice.',
  },
  'too-large': { title: 'Too large', detail: 'The file is larger than we take.' },
  'unsupported-media-type': {
    title: 'Not a kind of picture we take',
    detail: 'Use JPEG, PNG or WebP.',
  },
  'photo-rejected': { title: 'This photo cannot be used', detail: 'Choose another one.' },
  'quota-exceeded': { title: 'The limit is reached', detail: 'What you have stays as it is.' },
  'too-many-requests': {
    title: 'A little slower, please',
    detail: 'Wait a moment before the next try.',
  },
  internal: {
    title: 'Something failed on our side',
    detail: 'Nothing was charged twice. Try again in a moment.',
  },
  'provider-refused': {
    title: 'The image service refused',
    detail: 'Nothing was charged. Try other words or other photos.',
  },
  'provider-unavailable': {
    title: 'The image service is not answering',
    detail: 'Nothing was charged. Try again in a few minutes.',
  },
  'storage-unavailable': {
    title: 'Our storage is not answering',
    detail: 'Nothing was changed. Try again in a moment.',
  },
  paused: {
    title: 'Paused for now',
    detail: 'The budget of the day is spent, or we paused the service. What you have is safe.',
  },
  misconfigured: { title: 'The service is not set up', detail: 'The operator has to mend this.' },
};

export const rejected: Record<string, string> = {
  'not-an-image': 'This is not a picture.',
  animated: 'Moving pictures cannot be used.',
  'too-small': 'Too small: each side needs at least 256 pixels.',
  'too-large-dimensions': 'Too large: at most 12000 pixels a side and 50 megapixels.',
  truncated: 'The file is damaged: its end is missing.',
  'trailing-data': 'The file is damaged: there is something after its end.',
};

/** By the name of the quota in the problem. */
export const quotas: Record<string, string> = {
  trainings_per_day: 'You have used {used} of {limit} trainings of the day.',
  predictions_per_day: 'You have used {used} of {limit} sets of pictures of the day.',
  captions_per_day: 'You have used {used} of {limit} captions of the day.',
  uploads_per_hour: 'You have added {used} photos within an hour; more than {limit} are not taken.',
  photos_per_model: 'This model has {used} of {limit} photos. Remove one to add another.',
  stored_photo_bytes:
    'Your photos take up {used} of {limit}. Remove some of them, or a model with its photos, to add others.',
};

/** What is wrong with a field, by its pointer in the problem. */
export const fields: Record<string, string> = {
  '/email': 'Type a whole e-mail address, such as you@example.com.',
  '/name': 'A name is one line of 1 to 60 characters.',
  '/subject': 'Choose what the photos show.',
  '/caption': 'A caption is one line of at most 500 characters.',
  '/prompt': 'A description has 1 to 1000 characters of plain text.',
  '/style': 'This style is not offered any more. Choose another.',
  '/seed': 'A seed is a whole number from 0 to 4294967295.',
  '/version': 'This model has no such version any more. Choose another.',
  '/model': 'A model needs at least 4 photos. Add some more and try again.',
  '/cf-turnstile-response':
    'The check that you are human is not through, or has run out. Wait for it, and send the form again.',
};

export const problemActions = {
  retry: 'Try again',
  reload: 'Load the page again',
  signIn: 'Sign in',
  newLink: 'Ask for a new mail',
  useCode: 'Type the code',
  consent: 'Read and agree',
  studio: 'To my models',
  home: 'To the front page',
  waitUntil: 'Possible again',
  inTime: 'in {time}',
  reference: 'Reference',
};
