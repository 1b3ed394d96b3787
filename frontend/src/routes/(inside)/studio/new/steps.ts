// The steps of the wizard in their order. One more is an entry here, its label, and its part in
// Draft.svelte.

export const STEPS = ['consent', 'photos', 'name', 'captions', 'review'] as const;

export type Step = (typeof STEPS)[number];
/** Those that have an address of their own, because they need a draft. */
export type DraftStep = Exclude<Step, 'consent'>;

const REMEMBERED = 'wizard-step:';

export const isDraftStep = (text: string | null): text is DraftStep =>
  text !== 'consent' && STEPS.some((step) => step === text);

export const addressOf = (model: string, step: DraftStep): string =>
  `/studio/new?model=${model}&step=${step}`;

/** Where this device last stood with a model. */
export function rememberedStep(model: string): DraftStep | null {
  const step = localStorage.getItem(REMEMBERED + model);
  return isDraftStep(step) ? step : null;
}

export function rememberStep(model: string, step: DraftStep): void {
  localStorage.setItem(REMEMBERED + model, step);
}

export function forgetStep(model: string): void {
  localStorage.removeItem(REMEMBERED + model);
}
