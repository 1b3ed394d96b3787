// The privacy text and the terms. `{days}` is replaced by what the configuration says.

export interface LegalSection {
  title: string;
  paragraphs: string[];
}

export const privacy: { title: string; dated: string; sections: LegalSection[] } = {
  title: 'Privacy',
  dated: '22 November 2026',
  sections: [
    {
      title: 'What we keep, and why',
      paragraphs: [
        'Your e-mail address, or the number and name that Facebook gives us, so that you can sign in. The two are never joined to one account.',
        'The photos you add, the name you give a model, and the model trained from them, so that you can make pictures.',
        'The pictures you make and their recipes, so that you can find and repeat them.',
        'When you signed in and from which session, so that you can end it. No advertising, no tracking, no third-party script on any page.',
      ],
    },
    {
      title: 'What happens to a photo',
      paragraphs: [
        'Your browser looks at it for blur, light and faces, shrinks it, and removes its metadata, the place included, before it is sent. What it measures stays on your device. The server checks and strips the photo again.',
        'It is stored privately and shown to you only, through addresses that expire within an hour.',
        'It is used to train your own model, when you ask for it, and for nothing else. We do not identify anybody and compute no face vector on our servers.',
      ],
    },
    {
      title: 'Who handles it for us',
      paragraphs: [
        'Cloudflare runs the site and stores accounts and recipes. Bytescale stores photos, bundles and pictures. Replicate trains your model and makes the pictures. Our mail goes out through Cloudflare or Resend. Facebook takes part only if you sign in with it.',
      ],
    },
    {
      title: 'For how long',
      paragraphs: [
        'The bundle sent to training is deleted when the training ends. Photos are deleted {days} days after the training.',
        'Models and pictures stay until you delete them. A sign-in lasts at most seven days; a sign-in link ten minutes.',
        'The receipt of a deletion holds no personal data and is kept for one year.',
      ],
    },
    {
      title: 'Your rights',
      paragraphs: [
        'On your account page you can take everything with you as a ZIP file, and delete everything. Deleting also withdraws your consent, and acts at every processor named above.',
        'Write to privacy@selfie.pr about anything else, a complaint included. You may also complain to your data protection authority.',
      ],
    },
  ],
};

export const terms: { title: string; dated: string; sections: LegalSection[] } = {
  title: 'Terms',
  dated: '22 November 2026',
  sections: [
    {
      title: 'Whose photos',
      paragraphs: [
        'Add only photos of yourself, or of an adult who has agreed to it, or of a pet or a thing of yours. No photos of anybody under 18.',
      ],
    },
    {
      title: 'What you may make',
      paragraphs: [
        'The pictures are yours, for private and, where the licence of the underlying model allows it, commercial use.',
        'Do not make pictures that deceive about a real event, that sexualise or humiliate anybody, or that break the law. A safety filter removes some pictures; we may close an account that works against it.',
        'Every picture is marked as made by AI. Leave the mark in when you publish one.',
      ],
    },
    {
      title: 'What we promise, and what not',
      paragraphs: [
        'A training that fails does not count against your limits. We do not promise that a picture looks like you, or that the service is always there.',
        'Daily limits apply, and we may pause new trainings when the day’s budget is spent.',
      ],
    },
    {
      title: 'Ending it',
      paragraphs: ['You can delete your account at any time, at once and without a reason.'],
    },
  ],
};

export const consent = {
  title: 'Before your first photo',
  points: [
    'I agree that photos of the face I add are stored and used to train one private image model, and to make pictures with it, for me only.',
    'The photos show me, or an adult who agreed to this. Nobody in them is under 18.',
    'Bytescale stores them, Replicate trains and runs the model, Cloudflare runs this site.',
    'The training bundle is deleted when the training ends, the photos {days} days later. I can delete everything at any time, which withdraws this consent.',
  ],
  accept: 'I agree',
  version: 'Text of',
  more: 'Read the privacy text',
};
