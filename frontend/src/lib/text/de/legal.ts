// Der Text zum Datenschutz und die Bedingungen. `{days}` wird durch die Konfiguration ersetzt.

import type { LegalSection } from '../en/legal.ts';

export const privacy: { title: string; dated: string; sections: LegalSection[] } = {
  title: 'Datenschutz',
  dated: '22. November 2026',
  sections: [
    {
      title: 'Was wir aufbewahren, und wozu',
      paragraphs: [
        'Deine E-Mail-Adresse, oder die Nummer und den Namen, die Facebook uns gibt, damit du dich anmelden kannst. Die beiden werden nie zu einem Konto verbunden.',
        'Die Fotos, die du hinzufügst, den Namen, den du einem Modell gibst, und das Modell, das daraus entsteht, damit du Bilder machen kannst.',
        'Die Bilder, die du machst, und ihre Rezepte, damit du sie findest und wiederholen kannst.',
        'Wann und in welcher Sitzung du dich angemeldet hast, damit du sie beenden kannst. Keine Werbung, keine Verfolgung, kein fremdes Skript auf irgendeiner Seite.',
      ],
    },
    {
      title: 'Was mit einem Foto geschieht',
      paragraphs: [
        'Dein Browser prüft es auf Unschärfe, Licht und Gesichter, verkleinert es und entfernt die Metadaten, auch den Ort, bevor es gesendet wird. Was er misst, bleibt auf deinem Gerät. Der Server prüft und entfernt noch einmal.',
        'Es liegt privat und wird nur dir gezeigt, über Adressen, die innerhalb einer Stunde verfallen.',
        'Es dient dazu, dein eigenes Modell zu trainieren, wenn du es verlangst, und zu nichts sonst. Wir erkennen niemanden und berechnen auf unseren Servern keinen Gesichtsvektor.',
      ],
    },
    {
      title: 'Wer es für uns verarbeitet',
      paragraphs: [
        'Cloudflare betreibt die Seite und speichert Konten und Rezepte. Bytescale speichert Fotos, Pakete und Bilder. Replicate trainiert dein Modell und macht die Bilder. Unsere Post geht über Cloudflare oder Resend. Facebook ist nur beteiligt, wenn du dich damit anmeldest.',
      ],
    },
    {
      title: 'Wie lange',
      paragraphs: [
        'Das Paket fürs Training wird gelöscht, wenn das Training endet. Fotos werden {days} Tage nach dem Training gelöscht.',
        'Modelle und Bilder bleiben, bis du sie löschst. Eine Anmeldung gilt höchstens sieben Tage, ein Link zum Anmelden zehn Minuten.',
        'Der Beleg einer Löschung enthält keine personenbezogenen Daten und wird ein Jahr aufbewahrt.',
      ],
    },
    {
      title: 'Deine Rechte',
      paragraphs: [
        'Auf der Seite deines Kontos kannst du alles als ZIP-Datei mitnehmen und alles löschen. Mit dem Löschen widerrufst du auch deine Einwilligung, und es wirkt bei allen, die oben genannt sind.',
        'Schreibe an privacy@selfie.pr zu allem anderen, auch mit Beschwerden. Du kannst dich auch bei deiner Datenschutzbehörde beschweren.',
      ],
    },
  ],
};

export const terms: { title: string; dated: string; sections: LegalSection[] } = {
  title: 'Bedingungen',
  dated: '22. November 2026',
  sections: [
    {
      title: 'Wessen Fotos',
      paragraphs: [
        'Füge nur Fotos von dir selbst hinzu, oder von einem Erwachsenen, der zugestimmt hat, oder von einem Tier oder einer Sache, die dir gehören. Keine Fotos von Menschen unter 18.',
      ],
    },
    {
      title: 'Was du machen darfst',
      paragraphs: [
        'Die Bilder gehören dir, für private und, wo die Lizenz des zugrunde liegenden Modells es erlaubt, gewerbliche Zwecke.',
        'Mache keine Bilder, die über ein wirkliches Ereignis täuschen, jemanden sexualisieren oder demütigen oder das Gesetz brechen. Ein Sicherheitsfilter entfernt manche Bilder; ein Konto, das dagegen arbeitet, können wir schließen.',
        'Jedes Bild ist als KI-Bild gekennzeichnet. Lass das Kennzeichen darin, wenn du eins veröffentlichst.',
      ],
    },
    {
      title: 'Was wir versprechen, und was nicht',
      paragraphs: [
        'Ein Training, das misslingt, zählt nicht gegen deine Grenzen. Wir versprechen nicht, dass ein Bild dir gleicht oder dass der Dienst immer da ist.',
        'Es gelten Tagesgrenzen, und wir können neue Trainings anhalten, wenn das Geld des Tages verbraucht ist.',
      ],
    },
    {
      title: 'Aufhören',
      paragraphs: ['Du kannst dein Konto jederzeit löschen, sofort und ohne Grund.'],
    },
  ],
};

export const consent = {
  title: 'Vor deinem ersten Foto',
  points: [
    'Ich stimme zu, dass Fotos des Gesichts, das ich hinzufüge, gespeichert und benutzt werden, um ein privates Bildmodell zu trainieren und damit Bilder zu machen, nur für mich.',
    'Die Fotos zeigen mich oder einen Erwachsenen, der dem zugestimmt hat. Niemand darauf ist unter 18.',
    'Bytescale speichert sie, Replicate trainiert und betreibt das Modell, Cloudflare betreibt diese Seite.',
    'Das Paket fürs Training wird gelöscht, wenn das Training endet, die Fotos {days} Tage später. Ich kann jederzeit alles löschen; damit widerrufe ich diese Einwilligung.',
  ],
  accept: 'Ich stimme zu',
  version: 'Text vom',
  more: 'Zum Text über den Datenschutz',
};
