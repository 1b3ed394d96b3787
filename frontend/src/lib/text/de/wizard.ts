// Die Wörter des Assistenten, der ein Modell macht, ohne die seiner Fotos.

import type { Words } from '../en.ts';

export const wizard: Words['wizard'] = {
  title: 'Neues Modell',
  steps: {
    consent: 'Zustimmen',
    photos: 'Fotos',
    name: 'Benennen',
    captions: 'Bildtexte',
    review: 'Trainieren',
  },
  stepsLabel: 'Schritte',
  stepOf: 'Schritt {n} von {total}',
  nameTitle: 'Wer oder was ist es?',
  name: 'Name des Modells',
  namePlaceholder: 'Ich',
  nameHint: 'Nur du siehst ihn.',
  subject: 'Die Fotos zeigen',
  subjects: {
    person: 'eine Person',
    man: 'einen Mann',
    woman: 'eine Frau',
    pet: 'ein Tier',
    object: 'eine Sache',
  },
  subjectHint: 'Das lässt sich bis zum ersten Training ändern. Menschen müssen erwachsen sein.',
  toName: 'Weiter zum Namen',
  toReview: 'Prüfen und trainieren',
  saving: 'Wird gespeichert',
  savedDraft: 'Wird laufend gespeichert: Du kannst gehen und wiederkommen.',
  reviewTitle: 'Bereit zum Trainieren',
  review: {
    model: 'Modell',
    subject: 'Zeigt',
    photos: 'Aufnahmen',
    time: 'Dauer',
    price: 'Preis',
    today: 'Heute',
    kept: 'Bleibt',
  },
  priceText: 'Nichts für dich; etwa {price} für uns.',
  todayText: 'Training {n} von {limit}; ein misslungenes zählt nicht.',
  quotaText: 'Alle {limit} Trainings des Tages sind verbraucht. Das nächste ist möglich {time}.',
  keptBundle: 'Das Paket fürs Training: bis das Training endet.',
  keptPhotos: {
    one: 'Die Fotos: {n} Tag nach dem Training.',
    other: 'Die Fotos: {n} Tage nach dem Training.',
  },
  keptModel: 'Das Modell und seine Bilder: bis du sie löschst.',
  timeText: 'etwa {time}',
  timeUnknown: 'noch nicht bekannt',
  preset: 'Güte',
  presetNames: { fast: 'Schnell', quality: 'Gründlich' },
  presetHints: { fast: 'gut für den ersten Blick', quality: 'ähnlicher' },
  train: 'Mein Modell trainieren',
  starting: 'Beginnt',
  stillUnderway: {
    one: '{n} Foto ist noch unterwegs. Das Training kann beginnen, wenn es gespeichert ist.',
    other: '{n} Fotos sind noch unterwegs. Das Training kann beginnen, wenn sie gespeichert sind.',
  },
  leftOut: {
    one: '{n} Foto ließ sich nicht speichern: Beim Training fehlt es.',
    other: '{n} Fotos ließen sich nicht speichern: Beim Training fehlen sie.',
  },
  toPhotos: 'Die Fotos ansehen',
  missingPhotos: {
    one: 'Füge zuerst mindestens {n} Foto hinzu.',
    other: 'Füge zuerst mindestens {n} Fotos hinzu.',
  },
};

export const consent = {
  title: 'Vor deinem ersten Foto',
  accept: 'Ich stimme zu',
  version: 'Text vom',
  more: 'Zum Text über den Datenschutz',
};
