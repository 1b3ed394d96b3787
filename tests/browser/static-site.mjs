// The built pages as the host serves them: rewrites, clean addresses, headers and the 404 page.
// Only for tests that answer the API themselves.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../../frontend/build', import.meta.url));
const PORT = Number(process.env.PORT ?? 4317);
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
};

const lines = async (name) => (await readFile(join(BUILD, name), 'utf8')).split('\n');
const rewrites = (await lines('_redirects'))
  .map((line) => line.split(' '))
  .filter(([from]) => from?.endsWith('/*'))
  .map(([from, to]) => ({ prefix: from.slice(0, -1), to }));

const headers = {};
for (const line of (await lines('_headers')).slice(1)) {
  if (!line.startsWith('  ')) break;
  const colon = line.indexOf(':');
  headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
}

async function find(path) {
  const rewrite = rewrites.find(({ prefix }) => path.startsWith(prefix));
  const wanted = normalize(rewrite?.to ?? path);
  const names = extname(wanted) ? [wanted] : [`${wanted}.html`, join(wanted, 'index.html')];
  for (const name of names) {
    try {
      return { status: 200, name, body: await readFile(join(BUILD, name)) };
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'EISDIR') throw error;
    }
  }
  return { status: 404, name: '404.html', body: await readFile(join(BUILD, '404.html')) };
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const { status, name, body } = await find(pathname);
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  response.writeHead(status, { ...headers, 'Content-Type': type });
  response.end(body);
}).listen(PORT, '127.0.0.1', function () {
  process.stdout.write(`http://127.0.0.1:${this.address().port}\n`);
});
