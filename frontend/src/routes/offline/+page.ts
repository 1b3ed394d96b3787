// Kept by the service worker for when nobody answers: whole without a script.
export const csr = false;
