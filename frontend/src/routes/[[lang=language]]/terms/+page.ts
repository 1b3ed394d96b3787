// Read before anything else of ours is known: the page is whole without a script.
export const csr = false;
