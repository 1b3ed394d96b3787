// Was jemand liest, wenn etwas abgelehnt wurde oder misslang: was geschah und was zu tun ist.

import type { ProblemWords } from '../en/problems.ts';

export const problems: Record<string, ProblemWords> = {
  offline: {
    title: 'Keine Verbindung',
    detail: 'Nichts ging verloren. Versuche es noch einmal, wenn du online bist.',
  },
  'unreadable-answer': {
    title: 'Die Antwort ergab keinen Sinn',
    detail: 'Zwischen dir und uns ist etwas misslungen. Versuche es gleich noch einmal.',
  },
  'page-fault': {
    title: 'Diese Seite ist gescheitert',
    detail: 'Das ist unser Fehler. Meist hilft es, sie neu zu laden.',
  },
  'page-outdated': {
    title: 'Diese Seite ist veraltet',
    detail: 'Sie hat sich geändert, seit sie geöffnet wurde. Lade sie neu.',
  },
  'invalid-request': {
    title: 'Etwas stimmt noch nicht',
    detail: 'Prüfe deine Eingabe und versuche es noch einmal.',
  },
  'malformed-request': {
    title: 'Die Anfrage war beschädigt',
    detail: 'Lade die Seite neu.',
  },
  'idempotency-key-required': { title: 'Diese Seite ist veraltet', detail: 'Lade sie neu.' },
  'idempotency-key-reused': { title: 'Diese Seite ist veraltet', detail: 'Lade sie neu.' },
  'not-signed-in': {
    title: 'Du bist abgemeldet',
    detail: 'Melde dich an, um dort weiterzumachen, wo du warst.',
  },
  'session-too-old': {
    title: 'Bitte melde dich noch einmal an',
    detail: 'Dafür braucht es eine Anmeldung aus den letzten zehn Minuten.',
  },
  'link-invalid': {
    title: 'Dieser Link oder Code gilt nicht mehr',
    detail:
      'Er wurde benutzt, durch einen neueren ersetzt oder ist älter als zehn Minuten. Lass dir einen neuen schicken.',
  },
  'other-browser': {
    title: 'Du hast in einem anderen Browser gefragt',
    detail:
      'Geh in den Browser zurück, in dem du deine Adresse eingetippt hast, und tippe dort den Code aus der E-Mail ein.',
  },
  'cross-site': { title: 'Abgelehnt', detail: 'Die Anfrage kam von einer anderen Seite.' },
  'consent-required': {
    title: 'Zuerst brauchen wir deine Zustimmung',
    detail: 'Der Text hat sich geändert oder wurde noch nicht angenommen.',
  },
  'not-found': { title: 'Hier ist nichts', detail: 'Es wurde gelöscht oder war nie da.' },
  'method-not-allowed': { title: 'Das geht hier nicht', detail: 'Lade die Seite neu.' },
  conflict: {
    title: 'Es hat sich inzwischen geändert',
    detail: 'Lade die Seite neu, um zu sehen, wie es jetzt ist.',
  },
  'operation-in-progress': {
    title: 'Schon unterwegs',
    detail: 'An deiner ersten Anfrage wird noch gearbeitet. Nichts läuft doppelt.',
  },
  'too-large': { title: 'Zu groß', detail: 'Die Datei ist größer, als wir annehmen.' },
  'unsupported-media-type': {
    title: 'Diese Art von Bild nehmen wir nicht',
    detail: 'Nimm JPEG, PNG oder WebP.',
  },
  'not-looked-at': {
    title: 'Nicht angesehen',
    detail:
      'Was Fotos ansieht, wurde nicht geladen. Prüfe die Verbindung und versuche es noch einmal.',
  },
  'photo-rejected': {
    title: 'Dieses Foto ist nicht zu gebrauchen',
    detail: 'Nimm ein anderes.',
  },
  'quota-exceeded': {
    title: 'Die Grenze ist erreicht',
    detail: 'Was du hast, bleibt, wie es ist.',
  },
  'too-many-requests': {
    title: 'Bitte etwas langsamer',
    detail: 'Warte einen Augenblick bis zum nächsten Versuch.',
  },
  internal: {
    title: 'Bei uns ist etwas misslungen',
    detail: 'Nichts wurde doppelt berechnet. Versuche es gleich noch einmal.',
  },
  'provider-refused': {
    title: 'Der Bilddienst hat abgelehnt',
    detail: 'Nichts wurde berechnet. Versuche es mit anderen Worten oder anderen Fotos.',
  },
  'provider-unavailable': {
    title: 'Der Bilddienst antwortet nicht',
    detail: 'Nichts wurde berechnet. Versuche es in ein paar Minuten noch einmal.',
  },
  'storage-unavailable': {
    title: 'Unser Speicher antwortet nicht',
    detail: 'Nichts wurde geändert. Versuche es gleich noch einmal.',
  },
  paused: {
    title: 'Vorläufig angehalten',
    detail:
      'Das Geld des Tages ist verbraucht, oder wir haben den Dienst angehalten. Was du hast, ist sicher.',
  },
  misconfigured: {
    title: 'Der Dienst ist nicht eingerichtet',
    detail: 'Das muss der Betreiber beheben.',
  },
};

export const rejected: Record<string, string> = {
  'not-an-image': 'Das ist kein Bild.',
  animated: 'Bewegte Bilder sind nicht zu gebrauchen.',
  'too-small': 'Zu klein: Jede Seite braucht mindestens 256 Pixel.',
  'too-large-dimensions': 'Zu groß: höchstens 12000 Pixel je Seite und 50 Megapixel.',
  truncated: 'Die Datei ist beschädigt: Ihr Ende fehlt.',
  'trailing-data': 'Die Datei ist beschädigt: Nach ihrem Ende kommt noch etwas.',
};

export const quotas: Record<string, string> = {
  trainings_per_day: 'Du hast {used} von {limit} Trainings des Tages benutzt.',
  predictions_per_day: 'Du hast {used} von {limit} Bestellungen von Bildern des Tages benutzt.',
  captions_per_day: 'Du hast {used} von {limit} Bildtexten des Tages benutzt.',
  uploads_per_hour:
    'Du hast innerhalb einer Stunde {used} Fotos hinzugefügt; mehr als {limit} werden nicht angenommen.',
  photos_per_model:
    'Dieses Modell hat {used} von {limit} Fotos. Entferne eins, um ein anderes hinzuzufügen.',
  stored_photo_bytes:
    'Deine Fotos brauchen {used} von {limit}. Entferne einige davon oder ein Modell mit seinen Fotos, um andere hinzuzufügen.',
};

export const fields: Record<string, string> = {
  '/email': 'Tippe eine ganze E-Mail-Adresse ein, etwa du@example.com.',
  '/name': 'Ein Name ist eine Zeile mit 1 bis 60 Zeichen.',
  '/subject': 'Wähle, was die Fotos zeigen.',
  '/caption': 'Eine Bildbeschreibung ist eine Zeile mit höchstens 500 Zeichen.',
  '/prompt': 'Eine Beschreibung hat 1 bis 1000 Zeichen einfachen Text.',
  '/style': 'Diesen Stil gibt es nicht mehr. Wähle einen anderen.',
  '/seed': 'Eine Startzahl ist eine ganze Zahl von 0 bis 4294967295.',
  '/version': 'Diese Version des Modells gibt es nicht mehr. Wähle eine andere.',
  '/model': 'Ein Modell braucht mindestens 4 Fotos. Füge welche hinzu und versuche es noch einmal.',
  '/cf-turnstile-response':
    'Die Prüfung, ob du ein Mensch bist, ist noch nicht fertig oder abgelaufen. Warte auf sie und schicke das Formular dann noch einmal ab.',
};

export const problemActions = {
  retry: 'Noch einmal versuchen',
  reload: 'Seite neu laden',
  signIn: 'Anmelden',
  newLink: 'Neue E-Mail schicken lassen',
  useCode: 'Code eintippen',
  consent: 'Lesen und zustimmen',
  studio: 'Zu meinen Modellen',
  home: 'Zur Startseite',
  waitUntil: 'Wieder möglich',
  inTime: 'in {time}',
  reference: 'Kennzeichen',
};
