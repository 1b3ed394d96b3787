// Die Wörter der Bildtexte, die im Training neben den Fotos stehen.

import type { Words } from '../en.ts';

export const captions: Words['captions'] = {
  title: 'Bildtexte',
  lead: 'Ein Bildtext sagt, was auf einem Foto um die Person herum ist: Kleidung, Haltung, Licht, Ort. Das hilft dem Training, dich davon zu unterscheiden. Du kannst es weglassen: Dann schreibt das Training selbst welche.',
  privacy:
    'Dafür sieht ein Bildmodell bei Replicate jedes Foto, nach dem du fragst, und sonst nichts von dir. Replicate vergisst es nach einer Stunde.',
  price: {
    one: 'Für {n} Foto: nichts für dich; höchstens {price} für uns.',
    other: 'Für {n} Fotos: nichts für dich; höchstens {price} für uns.',
  },
  today: 'Heute sind {used} von {limit} verbraucht; eine misslungene zählt nicht.',
  spent: 'Alle {limit} Beschreibungen des Tages sind verbraucht. Die nächsten sind möglich {time}.',
  describeAll: { one: '{n} Foto beschreiben', other: '{n} Fotos beschreiben' },
  stop: 'Nicht weiter fragen',
  allOn: 'Bildtexte im Training verwenden',
  progress: '{done} von {total} Fotos haben einen Bildtext.',
  onTheWay: { one: '{n} ist unterwegs.', other: '{n} sind unterwegs.' },
  failed: { one: '{n} ist misslungen.', other: '{n} sind misslungen.' },
  list: 'Fotos und ihre Bildtexte',
  photo: 'Foto {n}: {name}',
  caption: 'Bildtext von Foto {n}',
  use: 'Verwenden',
  describe: 'Beschreiben',
  describeAgain: 'Neu beschreiben',
  again: 'Neu beschreiben kostet wieder: höchstens {price} für uns.',
  states: {
    none: 'Noch kein Bildtext.',
    asking: 'Wird beschrieben …',
    failed: 'Es ließ sich nicht beschreiben. Das hat nichts gekostet.',
    described: 'So wurde es beschrieben.',
    edited: 'In deinen Worten.',
    off: 'Aus: Das Training kommt ohne ihn aus.',
  },
  suggestion: 'Beschrieben als: „{words}“',
  take: 'Übernehmen',
  hint: 'Eine Zeile, höchstens 500 Zeichen. Das Auslösewort {word} kommt von selbst davor.',
  toReview: 'Prüfen und trainieren',
  toCaptions: 'Weiter zu den Bildtexten',
  without: 'Ohne Bildtexte weiter',
  review: 'Bildtexte',
  reviewText: '{done} von {total} Fotos',
  reviewLate: {
    one: '{done} von {total} Fotos; {n}, der noch unterwegs ist, bleibt weg',
    other: '{done} von {total} Fotos; {n}, die noch unterwegs sind, bleiben weg',
  },
};
