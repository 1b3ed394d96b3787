// Die Wörter der Startseite.

export const landing = {
  title: 'Selfie.pr: Bilder von dir, aus deinem eigenen Modell',
  description:
    'Trainiere ein privates Bildmodell mit einem Dutzend eigener Fotos und mache Bilder von dir, wo immer du willst.',
  headline: 'Bilder von dir, überall, wo du dich hindenkst.',
  lead: 'Gib uns ein Dutzend Fotos. In wenigen Minuten hast du ein Bildmodell, das ein Gesicht kennt, deins, und das niemand sonst benutzen kann.',
  start: 'Mein Modell machen',
  see: 'So geht es',
  gridLabel: 'Beispielfotos einer Person, wie sie in ein Modell eingehen',
  credit: 'Beispielfotos: Astronautin Eileen Collins. NASA, gemeinfrei.',
  stepsTitle: 'So geht es',
  steps: [
    {
      title: '12 bis 20 Fotos hinzufügen',
      text: 'Von verschiedenen Tagen, in verschiedenem Licht, aus verschiedenen Winkeln. Sie werden auf deinem Gerät verkleinert, und wo und wann sie entstanden, wird entfernt, bevor etwas gesendet wird.',
    },
    {
      title: 'Ein paar Minuten warten',
      text: 'Dein Modell lernt dein Gesicht. Du kannst die Seite schließen: Wir schreiben dir, wenn es fertig ist, und auch, wenn es misslang.',
    },
    {
      title: 'Ein Bild beschreiben',
      text: '„Im roten Regenmantel auf einem windigen Steg, Filmkorn.“ Vier Bilder auf einmal, jedes mit seinem Rezept, damit du es genau so wieder machen kannst.',
    },
  ],
  priceTitle: 'Was es kostet',
  price: [
    {
      term: 'Ein Modell trainieren',
      value: '2 bis 30 Minuten',
      text: 'Schnell dauert etwa 2 Minuten, gründlich 10 bis 30.',
    },
    {
      term: 'Ein Bild',
      value: '4 bis 12 Sekunden',
      text: 'Bis zu vier auf einmal.',
    },
    {
      term: 'Du zahlst',
      value: 'Nichts',
      text: 'Die Tagesgrenzen halten das so: Ein Training kostet uns etwa 1,50 USD.',
    },
  ],
  promiseTitle: 'Dein Gesicht bleibt deins',
  promises: [
    'Fotos sind privat. Keine Seite zeigt sie jemandem außer dir.',
    'Mit ihnen wird nichts trainiert als dein eigenes Modell, und niemand wird damit erkannt.',
    'Das Paket fürs Training wird gelöscht, wenn das Training endet, die Fotos {days} Tage später.',
    'Lösche ein Modell, und seine Fotos, seine Gewichte und seine Bilder verschwinden überall, wo sie lagen. Du bekommst einen Beleg.',
    'Jedes Bild ist in der Datei als KI-Bild gekennzeichnet.',
  ],
  promiseLink: 'Der ganze Text zum Datenschutz',
};
