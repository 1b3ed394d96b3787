// Die Wörter des Kontos.

export const account = {
  title: 'Konto',
  signedInAs: 'Angemeldet als {who}',
  by: { email: 'per E-Mail', facebook: 'mit Facebook' },
  since: 'seit {date}',
  statistics: 'Zahlen',
  images: 'Bestellungen von Bildern',
  gpu: 'GPU-Zeit',
  trainingsToday: 'Trainings heute',
  picturesToday: 'Bestellungen heute',
  captionsToday: 'Bildtexte heute',
  used: '{used} von {limit}',
  sessions: 'Wo du angemeldet bist',
  thisSession: 'dieser Browser',
  session: 'Angemeldet am {date}',
  lastSeen: 'zuletzt gesehen am {date}',
  noSessions: 'Nur hier.',
  signOut: 'Abmelden',
  everywhere: 'Überall abmelden',
  everywhereQuestion: 'Überall abmelden?',
  everywhereText: 'Jeder Browser, auch dieser, muss sich wieder anmelden.',
  data: 'Deine Daten',
  exportText:
    'Eine ZIP-Datei mit deinen Fotos, Beschreibungen, Bildern und Rezepten, einem Journal für Programme und einer Seite, die sich ohne Internet öffnen lässt.',
  export: 'Alles herunterladen',
  consent: 'Deine Einwilligung',
  consentGiven: 'Du hast dem Text vom {version} am {date} zugestimmt.',
  consentNone: 'Du hast noch nichts zugestimmt. Du wirst vor deinem ersten Foto gefragt.',
  withdrawText:
    'Du kannst sie jederzeit widerrufen. Wer ein Modell löscht, widerruft sie für dieses Modell und seine Fotos; wer das Konto löscht, widerruft sie ganz. Beides wirkt bei allen, die für uns verarbeiten.',
  withdrawOne: 'Für ein Modell widerrufen',
  withdrawAll: 'Ganz widerrufen',
  end: 'Konto auflösen',
  endText:
    'Fotos, Modelle, Bilder, Aufzeichnungen und Anmeldungen verschwinden überall, wo sie liegen. Du bekommst einen Beleg, der zeigt, was nachweislich weg ist.',
  delete: 'Mein Konto löschen',
  deleteQuestion: 'Dein Konto löschen?',
  deleteText:
    'Alles verschwindet sofort und lässt sich nicht zurückholen. Was gerade entsteht, wird angehalten. Lade zuerst deine Daten herunter, wenn du sie behalten willst.',
  deleteWord: 'löschen',
};
