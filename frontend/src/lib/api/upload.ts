// Sends one photo and tells how far it has come. `fetch` cannot tell that, so this is the one place
// with an XMLHttpRequest; its answer is handed on as a Response like any other.

export interface Sending {
  headers: Record<string, string>;
  signal: AbortSignal;
  /** From 0 to 100. */
  onprogress: (percent: number) => void;
}

/** Rejects with the signal's reason when it was stopped, and with another error without an answer. */
export function sendPhoto(path: string, photo: Blob, sending: Sending): Promise<Response> {
  const { headers, signal, onprogress } = sending;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open('POST', path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (total > 0) onprogress((loaded / total) * 100);
    });
    const stop = () => request.abort();
    signal.addEventListener('abort', stop);
    request.addEventListener('load', () => resolve(answerOf(request)));
    request.addEventListener('error', () => reject(new TypeError('no answer')));
    request.addEventListener('abort', () => reject(signal.reason as Error));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', stop));
    request.send(photo);
  });
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return new Response(request.responseText || null, { status: request.status, headers });
}
