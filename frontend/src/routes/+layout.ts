// Every page with a fixed address is a file; those with an id in their path use the fallback page.
export const prerender = true;
