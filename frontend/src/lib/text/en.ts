// Every word of the interface in English; what is long lies in `en/`. Another language is another
// file of this shape, and is refused by the types as long as a word is missing.

import { captions } from './en/captions.ts';
import { landing } from './en/landing.ts';
import { consent, foreignScripts, privacy, processors, terms } from './en/legal.ts';
import { model } from './en/model.ts';
import { create, picture } from './en/pictures.ts';
import { problemActions, problems, rejected } from './en/problems.ts';
import { photos } from './en/photos.ts';
import { account } from './en/studio.ts';
import { styles } from './en/styles.ts';
import { wizard } from './en/wizard.ts';

export const en = {
  locale: 'en-GB',
  site: {
    name: 'Selfie.pr',
    skip: 'Skip to content',
    nav: 'Main',
    studio: 'Studio',
    create: 'Create',
    account: 'Account',
    signIn: 'Sign in',
    privacy: 'Privacy',
    terms: 'Terms',
    footer: 'Legal',
    aiMark: 'Every picture is marked as made by AI.',
    loading: 'Loading',
    needsScript: 'Signing in needs JavaScript.',
    dated: 'As of',
    cancel: 'Cancel',
    close: 'Close',
    delete: 'Delete',
    typeWord: 'Type the word “{word}”',
    back: 'Back',
    next: 'Next',
    more: 'Show more',
    languages: 'Language',
    unit: { seconds: 's', minutes: 'min', hours: 'h' },
  },
  landing,
  privacy,
  processors,
  foreignScripts,
  terms,
  consent,
  signIn: {
    title: 'Sign in',
    lead: 'No password. New here? Signing in makes your account.',
    facebook: 'Continue with Facebook',
    or: 'or by e-mail',
    email: 'Your e-mail address',
    emailPlaceholder: 'you@example.com',
    send: 'Send me a link',
    sending: 'Sending',
    sentTitle: 'Look into your mail',
    sent: 'We have written to {email}. Press the link on this device, or type the code from the mail here.',
    expires: 'Both work for {minutes} minutes and only in this browser.',
    code: 'The 8-character code',
    codeHint: 'Capitals, spaces and hyphens do not matter.',
    useCode: 'Sign in with the code',
    checking: 'Checking',
    resend: 'Send it again',
    resendIn: 'Send it again in {seconds} s',
    resent: 'Sent again. Only the newest mail works.',
    otherAddress: 'Use another address',
    haveCode: 'I have a code from a mail',
    codeTitle: 'Type the code',
    codeLead: 'It works in the browser that asked for the mail.',
    errors: {
      cancelled: 'You stopped at Facebook. Nothing happened; choose a way to sign in.',
      failed: 'Facebook did not confirm it was you. Try again or use your e-mail.',
      'try-again': 'That took too long or was already used. Please try once more.',
    } as Record<string, string>,
    checkFailed:
      'The check that you are human could not be loaded. Allow it in your browser, and load this page again.',
    invalidEmail: 'Type a whole address, such as you@example.com.',
    invalidCode: 'The code has 8 letters and digits.',
    privacy: 'What happens to my data?',
  },
  confirm: {
    title: 'Sign in here?',
    lead: 'You opened the link from our mail. Press the button to sign in on this browser.',
    press: 'Sign me in',
    working: 'Signing in',
    browser: 'This browser: {browser}',
    other:
      'Opened on another device than the one you asked on? Go back there and type the code from the mail.',
    missingTitle: 'This link is not complete',
    missing: 'Open it again from the mail, or ask for a new one.',
  },
  receipt: {
    title: 'Receipt of a deletion',
    keep: 'Keep the address of this page: it is the only way back to the receipt. It is shown for a year and names nobody.',
    kinds: {
      runs: 'Trainings and pictures that were being made',
      versions: 'Trained models',
      photos: 'Photos',
      captions: 'Captions',
      bundles: 'Training bundles',
      images: 'Pictures',
      files: 'Files that were on their way out before',
      sessions: 'Sign-ins',
      records: 'Records',
    } as Record<string, string>,
    running: 'Deletion is under way. This page shows each kind as it is verified.',
    done: 'Everything below is verified to be gone.',
    requested: 'Requested',
    finished: 'Finished',
    kind: 'What',
    count: 'How many',
    gone: 'Verified gone',
    yes: 'yes',
    notYet: 'not yet',
    signature: 'Signature',
  },
  notFound: {
    title: 'There is nothing here',
    text: 'The address is wrong, or what was here has been deleted.',
  },
  offline: {
    title: 'You are offline',
    text: 'Nothing is lost: what you ordered is being made, and what you added is kept.',
    again: 'Try again',
  },
  account,
  create,
  model,
  picture,
  photos,
  styles,
  captions,
  wizard,
  problems,
  rejected,
  problemActions,
};

export type Words = typeof en;
