// The text that is agreed to before the first photo, word by word as it is hashed. Made from
// src/domain/consent.rs by `make update`; not to be edited.

export const WORDED = '2026-11-28';

export const POINTS = {
  en: [
    'I agree that the photos I add, and the face in them, are stored and used to train one private image model, and that pictures are made with it when I ask for them. They are used for nothing else, nobody is identified by them, and no face vector is made on a server.',
    'I am an adult. The photos show me, an adult who agreed to this, or a pet or a thing of mine. Nobody in them is under 18.',
    'Bytescale stores photos and pictures. Replicate trains and keeps the model and makes the pictures; only when I ask for captions does a vision model there see the photos and describe them. Cloudflare runs this site and keeps the records.',
    'The training bundle is deleted when the training ends, and the photos {days} days after the last training. I can withdraw this at any time by deleting a model or my account: that deletes photos, model and pictures at every one of these processors.',
  ],
  de: [
    'Ich stimme zu, dass die Fotos, die ich hinzufüge, und das Gesicht darauf gespeichert und benutzt werden, um ein privates Bildmodell zu trainieren, und dass damit Bilder gemacht werden, wenn ich sie verlange. Sie dienen zu nichts anderem, niemand wird damit erkannt, und auf keinem Server entsteht ein Gesichtsvektor.',
    'Ich bin erwachsen. Die Fotos zeigen mich, einen Erwachsenen, der dem zugestimmt hat, oder ein Tier oder eine Sache, die mir gehören. Niemand darauf ist unter 18.',
    'Bytescale speichert Fotos und Bilder. Replicate trainiert und bewahrt das Modell und macht die Bilder; nur wenn ich um Bildtexte bitte, sieht dort ein Bildmodell die Fotos und beschreibt sie. Cloudflare betreibt diese Seite und verwahrt die Angaben.',
    'Das Paket fürs Training wird gelöscht, wenn das Training endet, und die Fotos {days} Tage nach dem letzten Training. Ich kann das jederzeit widerrufen, indem ich ein Modell oder mein Konto lösche: Das löscht Fotos, Modell und Bilder bei allen Genannten.',
  ],
};
