// The addresses below carry ids, so no file can be made for them; the fallback page answers.
export const prerender = false;
