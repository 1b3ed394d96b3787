// The privacy text and the terms. Names in braces are replaced by what the operator configured.

export interface LegalSection {
  /** What an address may point at: `/terms#weaknesses`. */
  id: string;
  title: string;
  paragraphs: string[];
}

export interface LegalText {
  title: string;
  dated: string;
  sections: LegalSection[];
}

/** Stands in a list of paragraphs for those who handle data, as they are configured. */
export const PROCESSORS = '{processors}';

export const processors = {
  cloudflare:
    'Cloudflare runs the site and stores accounts, sessions, recipes and the records of models.',
  bytescale: 'Bytescale stores photos, the bundles made of them, and pictures.',
  replicate:
    'Replicate trains your model, keeps it, and makes the pictures. If you ask for captions, a vision model there is shown each photo that you ask about, and describes it; Replicate keeps what it was shown and what it said for an hour.',
  mailer: '{mailer} delivers our letters, and so knows your address.',
  facebook:
    'Facebook tells us who you are if you sign in with it, and learns that you did. We ask it for nothing else and tell it nothing.',
  turnstile:
    'Turnstile, which is Cloudflare’s, checks on the sign-in form that you are human; it sees your address and your browser for that.',
};

/** Where the operator has given no name. */
export const unnamedOperator = 'the operator of {host}';

/** Whose scripts a page may load, beside our own. */
export const foreignScripts = {
  none: 'no third-party script on any page',
  check: 'no third-party script but the check on the sign-in form',
};

export const privacy: LegalText = {
  title: 'Privacy',
  dated: '28 November 2026',
  sections: [
    {
      id: 'who',
      title: 'Who is responsible',
      paragraphs: [
        'This service is run by {operator}. Write to {contact} about anything on this page, a complaint included.',
      ],
    },
    {
      id: 'what',
      title: 'What we keep, and why',
      paragraphs: [
        'Your e-mail address, or the number, name and address that Facebook gives us, so that you can sign in. The two are never joined to one account.',
        'The photos you add, their captions and descriptions, the name you give a model, and the model trained from them, so that you can make pictures.',
        'The pictures you make and their recipes, so that you can find and repeat them.',
        'When you signed in and when a session was last used, so that you can end it. What you agreed to, and when.',
        'For at most a day, how often somebody asked for a sign-in letter: by a code, not by an address. Our logs name the network of a request, never the whole address of a device, and no prompt, photo or mail address.',
        'No advertising, no tracking, {scripts}.',
      ],
    },
    {
      id: 'photos',
      title: 'What happens to a photo',
      paragraphs: [
        'Your browser looks at it for blur, light and faces, shrinks it, and removes its metadata, the place included, before it is sent. What it measures stays on your device. The server checks and strips the photo again.',
        'It is stored privately and shown to you only, through addresses that expire within an hour.',
        'It is used, with your consent, to train your own model when you ask for it, and for nothing else. We do not identify anybody and compute no face vector on our servers.',
      ],
    },
    { id: 'processors', title: 'Who handles it for us', paragraphs: [PROCESSORS] },
    {
      id: 'terms-of-storage',
      title: 'For how long',
      paragraphs: [
        'The bundle sent to training is deleted when the training ends. Photos are deleted {days} days after the last training.',
        'Models and pictures stay until you delete them. A sign-in lasts at most {sessionDays} days; a sign-in link {minutes} minutes.',
        'The receipt of a deletion holds no personal data and is kept for one year.',
      ],
    },
    {
      id: 'rights',
      title: 'Your rights',
      paragraphs: [
        'On your account page you can take everything with you as a ZIP file, and delete everything. Deleting withdraws your consent, of one model or altogether, and acts at everybody named above; the account page has a button for it.',
        'You may also object, and complain to your data protection authority.',
      ],
    },
  ],
};

export const terms: LegalText = {
  title: 'Terms',
  dated: '28 November 2026',
  sections: [
    {
      id: 'photos',
      title: 'Whose photos',
      paragraphs: [
        'Add only photos of yourself, or of an adult who has agreed to it, or of a pet or a thing of yours. No photos of anybody under 18.',
      ],
    },
    {
      id: 'pictures',
      title: 'What you may make',
      paragraphs: [
        'The pictures are yours, for private and, where the licence of the underlying model allows it, commercial use.',
        'Do not make pictures that deceive about a real event, that sexualise or humiliate anybody, or that break the law. A safety filter removes some pictures; we may close an account that works against it.',
        'Every picture is marked as made by AI. Leave the mark in when you publish one.',
      ],
    },
    {
      id: 'promises',
      title: 'What we promise, and what not',
      paragraphs: [
        'A training that fails does not count against your limits. We do not promise that a picture looks like you, or that the service is always there.',
        'Daily limits apply, and we may pause new trainings when the day’s budget is spent.',
      ],
    },
    {
      id: 'weaknesses',
      title: 'If you find a weakness',
      paragraphs: [
        'Tell {contact} before anybody else, with what is needed to see it again. Look at accounts and photos of your own only, change and keep nothing of others, and do not slow the service down.',
        'We answer, say when it is mended, and take no action against whoever kept to this.',
      ],
    },
    {
      id: 'ending',
      title: 'Ending it',
      paragraphs: [
        'You can end this at any time, at once and without a reason. The service is run by {operator}; write to {contact}.',
      ],
    },
  ],
};
