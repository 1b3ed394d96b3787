// Hands a file to the person under a name of ours.

import type { Prediction } from './wire.gen.ts';

/** Long enough for any browser to have begun. */
const KEPT_MS = 60_000;

export function imageName(prediction: Prediction, index: number): string {
  return `selfie-${prediction.id}-${index + 1}.${prediction.recipe.format}`;
}

export function offerFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
