// Der Text zum Datenschutz und die Bedingungen. Namen in Klammern ersetzt die Konfiguration.

import { type LegalText, PROCESSORS } from '../en/legal.ts';

export const processors = {
  cloudflare:
    'Cloudflare betreibt die Seite und speichert Konten, Sitzungen, Rezepte und die Angaben zu Modellen.',
  bytescale: 'Bytescale speichert Fotos, die Pakete daraus und Bilder.',
  replicate:
    'Replicate trainiert dein Modell, bewahrt es auf und macht die Bilder. Wenn du um Bildtexte bittest, sieht dort ein Bildmodell jedes Foto, nach dem du fragst, und beschreibt es; was es sah und sagte, behält Replicate eine Stunde lang.',
  mailer: '{mailer} stellt unsere Briefe zu und kennt dadurch deine Adresse.',
  facebook:
    'Facebook sagt uns, wer du bist, wenn du dich damit anmeldest, und erfährt, dass du es getan hast. Wir verlangen nichts weiter und sagen ihm nichts.',
  turnstile:
    'Turnstile von Cloudflare prüft auf dem Formular zum Anmelden, dass du ein Mensch bist; dafür sieht es deine Adresse und deinen Browser.',
};

export const unnamedOperator = 'der Betreiber von {host}';

export const foreignScripts = {
  none: 'kein fremdes Skript auf irgendeiner Seite',
  check: 'kein fremdes Skript außer der Prüfung auf dem Formular zum Anmelden',
};

export const privacy: LegalText = {
  title: 'Datenschutz',
  dated: '28. November 2026',
  sections: [
    {
      id: 'who',
      title: 'Wer verantwortlich ist',
      paragraphs: [
        'Diesen Dienst betreibt {operator}. Schreibe an {contact} zu allem, was hier steht, auch mit Beschwerden.',
      ],
    },
    {
      id: 'what',
      title: 'Was wir aufbewahren, und wozu',
      paragraphs: [
        'Deine E-Mail-Adresse, oder die Nummer, den Namen und die Adresse, die Facebook uns gibt, damit du dich anmelden kannst. Die beiden werden nie zu einem Konto verbunden.',
        'Die Fotos, die du hinzufügst, ihre Beschreibungen, den Namen, den du einem Modell gibst, und das Modell, das daraus entsteht, damit du Bilder machen kannst.',
        'Die Bilder, die du machst, und ihre Rezepte, damit du sie findest und wiederholen kannst.',
        'Wann du dich angemeldet hast und wann eine Sitzung zuletzt benutzt wurde, damit du sie beenden kannst. Wozu du zugestimmt hast, und wann.',
        'Höchstens einen Tag lang, wie oft jemand einen Brief zum Anmelden verlangt hat: unter einem Code, nicht unter einer Adresse. Unsere Protokolle nennen das Netz einer Anfrage, nie die ganze Adresse eines Geräts, und weder Beschreibung noch Foto noch E-Mail-Adresse.',
        'Keine Werbung, keine Verfolgung, {scripts}.',
      ],
    },
    {
      id: 'photos',
      title: 'Was mit einem Foto geschieht',
      paragraphs: [
        'Dein Browser prüft es auf Unschärfe, Licht und Gesichter, verkleinert es und entfernt die Metadaten, auch den Ort, bevor es gesendet wird. Was er misst, bleibt auf deinem Gerät. Der Server prüft das Foto noch einmal und entfernt sie noch einmal.',
        'Es liegt privat und wird nur dir gezeigt, über Adressen, die innerhalb einer Stunde verfallen.',
        'Es dient mit deiner Einwilligung dazu, dein eigenes Modell zu trainieren, wenn du es verlangst, und zu nichts sonst. Wir erkennen niemanden und berechnen auf unseren Servern keinen Gesichtsvektor.',
      ],
    },
    { id: 'processors', title: 'Wer es für uns verarbeitet', paragraphs: [PROCESSORS] },
    {
      id: 'terms-of-storage',
      title: 'Wie lange',
      paragraphs: [
        'Das Paket fürs Training wird gelöscht, wenn das Training endet. Fotos werden {days} Tage nach dem letzten Training gelöscht.',
        'Modelle und Bilder bleiben, bis du sie löschst. Eine Anmeldung gilt höchstens {sessionDays} Tage, ein Link zum Anmelden {minutes} Minuten.',
        'Der Beleg einer Löschung enthält keine personenbezogenen Daten und wird ein Jahr aufbewahrt.',
      ],
    },
    {
      id: 'rights',
      title: 'Deine Rechte',
      paragraphs: [
        'Auf der Seite deines Kontos kannst du alles als ZIP-Datei mitnehmen und alles löschen. Mit dem Löschen widerrufst du deine Einwilligung, für ein Modell oder ganz, und es wirkt bei allen, die oben genannt sind; die Seite hat einen Knopf dafür.',
        'Du kannst auch widersprechen und dich bei deiner Datenschutzbehörde beschweren.',
      ],
    },
  ],
};

export const terms: LegalText = {
  title: 'Bedingungen',
  dated: '28. November 2026',
  sections: [
    {
      id: 'photos',
      title: 'Wessen Fotos',
      paragraphs: [
        'Füge nur Fotos von dir selbst hinzu, oder von einem Erwachsenen, der zugestimmt hat, oder von einem Tier oder einer Sache, die dir gehören. Keine Fotos von Menschen unter 18.',
      ],
    },
    {
      id: 'pictures',
      title: 'Was du machen darfst',
      paragraphs: [
        'Die Bilder gehören dir, für private und, wo die Lizenz des zugrunde liegenden Modells es erlaubt, gewerbliche Zwecke.',
        'Mache keine Bilder, die über ein wirkliches Ereignis täuschen, jemanden sexualisieren oder demütigen oder das Gesetz brechen. Ein Sicherheitsfilter entfernt manche Bilder; ein Konto, das dagegen arbeitet, können wir schließen.',
        'Jedes Bild ist als KI-Bild gekennzeichnet. Lass das Kennzeichen darin, wenn du eins veröffentlichst.',
      ],
    },
    {
      id: 'promises',
      title: 'Was wir versprechen, und was nicht',
      paragraphs: [
        'Ein Training, das misslingt, zählt nicht gegen deine Grenzen. Wir versprechen nicht, dass ein Bild dir gleicht oder dass der Dienst immer da ist.',
        'Es gelten Tagesgrenzen, und wir können neue Trainings anhalten, wenn das Geld des Tages verbraucht ist.',
      ],
    },
    {
      id: 'weaknesses',
      title: 'Wenn du eine Schwachstelle findest',
      paragraphs: [
        'Sage es {contact} vor allen anderen, mit dem, was es braucht, um sie wiederzufinden. Sieh nur eigene Konten und Fotos an, ändere und behalte nichts von anderen, und bremse den Dienst nicht.',
        'Wir antworten, sagen, wenn sie behoben ist, und gehen gegen niemanden vor, der sich daran gehalten hat.',
      ],
    },
    {
      id: 'ending',
      title: 'Aufhören',
      paragraphs: [
        'Du kannst jederzeit aufhören, sofort und ohne Grund. Den Dienst betreibt {operator}; schreibe an {contact}.',
      ],
    },
  ],
};
