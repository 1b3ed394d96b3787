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
};
