// Every word of the interface in German; of the shape of the English file, and loaded when wanted.

import { captions } from './de/captions.ts';
import { landing } from './de/landing.ts';
import { consent, foreignScripts, privacy, processors, terms } from './de/legal.ts';
import { model } from './de/model.ts';
import { create, picture } from './de/pictures.ts';
import { photos } from './de/photos.ts';
import { problemActions, problems, rejected } from './de/problems.ts';
import { account } from './de/studio.ts';
import { styles } from './de/styles.ts';
import { wizard } from './de/wizard.ts';
import type { Words } from './en.ts';

export const de: Words = {
  locale: 'de-DE',
  site: {
    name: 'Selfie.pr',
    skip: 'Zum Inhalt',
    nav: 'Hauptmenü',
    studio: 'Studio',
    create: 'Bilder',
    account: 'Konto',
    signIn: 'Anmelden',
    privacy: 'Datenschutz',
    terms: 'Bedingungen',
    footer: 'Rechtliches',
    aiMark: 'Jedes Bild ist als KI-Bild gekennzeichnet.',
    loading: 'Wird geladen',
    needsScript: 'Zum Anmelden wird JavaScript gebraucht.',
    dated: 'Stand',
    cancel: 'Abbrechen',
    close: 'Schließen',
    delete: 'Löschen',
    typeWord: 'Tippe das Wort „{word}“',
    back: 'Zurück',
    next: 'Weiter',
    more: 'Mehr zeigen',
    languages: 'Sprache',
    unit: { seconds: 's', minutes: 'min', hours: 'h' },
  },
  landing,
  privacy,
  processors,
  foreignScripts,
  terms,
  consent,
  signIn: {
    title: 'Anmelden',
    lead: 'Ohne Passwort. Neu hier? Mit der ersten Anmeldung entsteht dein Konto.',
    facebook: 'Weiter mit Facebook',
    or: 'oder per E-Mail',
    email: 'Deine E-Mail-Adresse',
    emailPlaceholder: 'du@example.com',
    send: 'Link zuschicken',
    sending: 'Wird verschickt',
    sentTitle: 'Sieh in deine Post',
    sent: 'Wir haben an {email} geschrieben. Öffne den Link auf diesem Gerät, oder tippe den Code aus der E-Mail hier ein.',
    expires: 'Beides gilt {minutes} Minuten lang und nur in diesem Browser.',
    code: 'Der Code aus 8 Zeichen',
    codeHint: 'Großbuchstaben, Leerzeichen und Bindestriche sind egal.',
    useCode: 'Mit dem Code anmelden',
    checking: 'Wird geprüft',
    resend: 'Noch einmal schicken',
    resendIn: 'Noch einmal schicken in {seconds} s',
    resent: 'Noch einmal geschickt. Nur die neueste E-Mail gilt.',
    otherAddress: 'Andere Adresse nehmen',
    haveCode: 'Ich habe einen Code aus einer E-Mail',
    codeTitle: 'Code eintippen',
    codeLead: 'Er gilt in dem Browser, der die E-Mail verlangt hat.',
    errors: {
      cancelled:
        'Du hast bei Facebook abgebrochen. Es ist nichts passiert; wähle, wie du dich anmeldest.',
      failed: 'Facebook hat dich nicht bestätigt. Versuche es noch einmal oder nimm deine E-Mail.',
      'try-again': 'Das hat zu lange gedauert oder war schon benutzt. Bitte noch einmal.',
    },
    invalidEmail: 'Tippe eine ganze Adresse ein, etwa du@example.com.',
    invalidCode: 'Der Code hat 8 Buchstaben und Ziffern.',
    privacy: 'Was geschieht mit meinen Daten?',
    checkFailed:
      'Die Prüfung, dass du ein Mensch bist, war nicht zu laden. Erlaube sie in deinem Browser und lade diese Seite neu.',
  },
  confirm: {
    title: 'Hier anmelden?',
    lead: 'Du hast den Link aus unserer E-Mail geöffnet. Drücke den Knopf, um dich in diesem Browser anzumelden.',
    press: 'Anmelden',
    working: 'Wird angemeldet',
    browser: 'Dieser Browser: {browser}',
    other:
      'Auf einem anderen Gerät geöffnet als dem, das gefragt hat? Geh dorthin zurück und tippe den Code aus der E-Mail ein.',
    missingTitle: 'Dieser Link ist nicht vollständig',
    missing: 'Öffne ihn noch einmal aus der E-Mail, oder lass dir einen neuen schicken.',
  },
  receipt: {
    title: 'Beleg einer Löschung',
    running: 'Die Löschung läuft. Diese Seite zeigt jede Art, sobald sie geprüft ist.',
    done: 'Alles hier ist nachweislich gelöscht.',
    requested: 'Verlangt',
    finished: 'Beendet',
    kind: 'Was',
    count: 'Wie viele',
    gone: 'Nachweislich weg',
    yes: 'ja',
    notYet: 'noch nicht',
    signature: 'Signatur',
    keep: 'Hebe die Adresse dieser Seite auf: Sie ist der einzige Weg zurück zum Beleg. Er wird ein Jahr lang gezeigt und nennt niemanden.',
    kinds: {
      runs: 'Trainings und Bilder, die gerade entstanden',
      versions: 'Trainierte Modelle',
      photos: 'Fotos',
      captions: 'Beschreibungen',
      bundles: 'Pakete fürs Training',
      images: 'Bilder',
      files: 'Dateien, die schon vorher auf dem Weg hinaus waren',
      sessions: 'Anmeldungen',
      records: 'Aufzeichnungen',
    },
  },
  notFound: {
    title: 'Hier ist nichts',
    text: 'Die Adresse stimmt nicht, oder was hier war, wurde gelöscht.',
  },
  offline: {
    title: 'Du bist offline',
    text: 'Nichts geht verloren: Was du bestellt hast, entsteht, und was du hinzugefügt hast, bleibt.',
    again: 'Noch einmal versuchen',
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
