// Die Wörter der Fotohilfe: Fotos hinzufügen, was sie findet, und was die Auswahl zeigt.

import type { Words } from '../en.ts';

export const photos: Words['photos'] = {
  title: 'Füge deine Fotos hinzu',
  lead: 'Am besten 12 bis 20: verschiedene Tage, verschiedenes Licht, verschiedene Winkel, je eine Person und das Gesicht gut zu sehen.',
  drop: 'Fotos hierher ziehen oder auswählen',
  dropHint:
    'JPEG, PNG, WebP oder HEIC. Jedes wird auf diesem Gerät angesehen, verkleinert und von seinen Metadaten befreit, bevor etwas gesendet wird.',
  choose: 'Fotos auswählen',
  full: 'Die Auswahl ist voll. Entferne ein Foto, um ein anderes hinzuzufügen.',
  setTitle: 'Deine Auswahl',
  count: '{n} von {max} Fotos',
  countLabel: 'Hinzugefügte Fotos von den 12, die gut sind',
  needMore: {
    one: 'Noch mindestens {n} zum Trainieren',
    other: 'Noch mindestens {n} zum Trainieren',
  },
  goodNumber: '{n} mehr würden helfen; am besten sind 12 bis 20',
  enough: 'Eine gute Zahl von Fotos',
  underway: { one: '{n} Foto ist unterwegs', other: '{n} Fotos sind unterwegs' },
  kept: 'Deine Fotos bleiben auf diesem Gerät, bis sie gespeichert sind.',
  notKept:
    'Dieser Browser hebt nichts für uns auf: Bleib auf dieser Seite, bis die Fotos gespeichert sind.',
  pause: 'Anhalten',
  paused: 'Angehalten',
  goOn: 'Weiter',
  states: {
    waiting: 'Wartet',
    looking: 'Wird angesehen',
    ready: 'Als Nächstes',
    sending: 'Wird gesendet',
  },
  number: 'Foto {n}: {name}',
  progress: 'Sendet {name}',
  retryPhoto: 'Noch einmal versuchen: {name}',
  retry: 'Noch einmal versuchen',
  removePhoto: '{name} entfernen',
  remove: 'Entfernen',
  usePhoto: 'Trotzdem nehmen: {name}',
  use: 'Trotzdem nehmen',
  asideTitle: 'Beiseitegelegt',
  asideLead:
    'Diese würden dein Modell schlechter machen. Vielleicht weißt du es besser: Du entscheidest.',
  failedTitle: 'Nicht gespeichert',
  failedLead:
    'Diese haben es nicht in deine Auswahl geschafft. Versuche es noch einmal, oder entferne sie.',
  notPerson: 'Keine Person? Dann braucht es kein Gesicht:',
  notPersonAction: 'Es ist ein Tier oder eine Sache',
  reasons: {
    'too-small': { title: 'Zu klein', hint: 'Die kurze Seite hat weniger als 512 Pixel.' },
    blurry: { title: 'Unscharf', hint: 'Halte still, oder suche mehr Licht.' },
    'too-dark': { title: 'Zu dunkel', hint: 'Dreh dich zu einem Fenster oder einer Lampe.' },
    'too-bright': {
      title: 'Zu hell',
      hint: 'Die Haut ist weiß geworden; geh aus dem grellen Licht.',
    },
    same: { title: 'Wie Foto {n}', hint: 'Ein Augenblick wird einmal gelernt.' },
    'no-face': { title: 'Kein Gesicht', hint: 'Es war niemand darauf zu finden.' },
    'two-faces': { title: 'Zwei Gesichter', hint: 'Schneide es auf die eine Person zu.' },
    'face-too-small': { title: 'Gesicht zu klein', hint: 'Schneide es zu, oder komm näher.' },
    full: {
      title: 'Die Auswahl ist voll',
      hint: 'Entferne ein anderes Foto, um dieses zu nehmen.',
    },
  },
  sameAsAnother: 'Wie ein anderes Foto',
  unusable: {
    'not-an-image': {
      title: 'Kein Bild',
      hint: 'Was auch immer der Name sagt. Nimm JPEG, PNG, WebP oder HEIC.',
    },
    damaged: {
      title: 'Beschädigt',
      hint: 'Es lässt sich nicht öffnen. Kopiere es noch einmal auf dieses Gerät, oder nimm ein anderes.',
    },
    'too-many-pixels': {
      title: 'Zu groß',
      hint: '{size} Megapixel; höchstens {max} werden genommen. Speichere eine kleinere Kopie.',
    },
    'too-few-pixels': { title: 'Zu klein', hint: 'Jede Seite braucht mindestens {min} Pixel.' },
    'too-narrow': {
      title: 'Zu schmal',
      hint: 'Schneide es zu: Verkleinert hätte die kurze Seite weniger als {min} Pixel.',
    },
  },
  place: 'Dieses Foto sagt, wo es entstand; das entfernen wir hier, auf deinem Gerät.',
  places: {
    one: '{n} Foto sagte, wo es entstand. Das wurde hier entfernt, auf deinem Gerät.',
    other: '{n} Fotos sagten, wo sie entstanden. Das wurde hier entfernt, auf deinem Gerät.',
  },
  coverage: {
    title: 'Was deine Auswahl zeigt',
    distance: 'Abstand',
    distances: { close: 'nah', half: 'halb', full: 'ganz' },
    direction: 'Blick',
    directions: { left: 'nach links', front: 'nach vorn', right: 'nach rechts' },
    light: 'Licht',
    lights: { one: '{n} Art', other: '{n} Arten' },
    outfit: 'Kleidung',
    outfits: { one: '{n} Outfit', other: '{n} Outfits' },
    notMeasured: 'nicht gemessen',
    unmeasured: { one: '{n} nicht gemessen', other: '{n} nicht gemessen' },
    next: 'Das nächste gute Foto',
    nexts: {
      close: 'Eins aus der Nähe: Kopf und Schultern.',
      half: 'Eins aus zwei Schritten Abstand, bis zur Hüfte.',
      full: 'Eins von weiter weg, von Kopf bis Fuß.',
      left: 'Eins mit dem Kopf zur linken Bildseite gedreht.',
      right: 'Eins mit dem Kopf zur rechten Bildseite gedreht.',
      front: 'Eins mit dem Blick genau in die Kamera.',
      light: 'Eins in anderem Licht: draußen, am Fenster, am Abend.',
      outfit: 'Eins in anderer Kleidung.',
    },
    nothing: 'Es fehlt nichts: Diese Auswahl hat von allem etwas.',
  },
};
