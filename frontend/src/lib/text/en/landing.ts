// The words of the landing page.

export const landing = {
  title: 'Selfie.pr: pictures of you, made by a model of your own',
  description:
    'Train a private image model on a dozen of your own photos and make pictures of yourself anywhere you can describe.',
  headline: 'Pictures of you, anywhere you can describe.',
  lead: 'Give us a dozen photos. In a few minutes you have an image model that knows one face, yours, and that nobody else can use.',
  start: 'Make my model',
  see: 'How it works',
  gridLabel: 'Sample photos of one person, as they go into a model',
  credit: 'Sample photos: astronaut Eileen Collins. NASA, public domain.',
  stepsTitle: 'How it works',
  steps: [
    {
      title: 'Add 12 to 20 photos',
      text: 'Different days, different light, different angles. They are shrunk on your device, and where and when they were taken is removed before anything is sent.',
    },
    {
      title: 'Wait a few minutes',
      text: 'Your model learns your face. You can close the page: we write to you when it is ready, and also if it failed.',
    },
    {
      title: 'Describe a picture',
      text: '“In a red raincoat on a windy pier, film grain.” Four pictures at a time, each with its recipe, so that you can make it again exactly.',
    },
  ],
  priceTitle: 'What it costs',
  price: [
    {
      term: 'Training a model',
      value: '2 to 30 minutes',
      text: 'Fast takes about 2 minutes, quality 10 to 30.',
    },
    {
      term: 'One picture',
      value: '4 to 12 seconds',
      text: 'Up to four at a time.',
    },
    {
      term: 'You pay',
      value: 'Nothing',
      text: 'The daily limits keep it that way: a training costs us about 1.50 USD.',
    },
  ],
  promiseTitle: 'Your face stays yours',
  promises: [
    'Photos are private. No page shows them to anybody but you.',
    'Nothing is trained on them except your own model, and nobody is identified with it.',
    'The bundle made for training is deleted when the training ends, the photos {days} days later.',
    'Delete a model and its photos, its weights and its pictures go everywhere they were kept. You get a receipt.',
    'Every picture is marked as made by AI, inside the file.',
  ],
  promiseLink: 'The whole privacy text',
};
