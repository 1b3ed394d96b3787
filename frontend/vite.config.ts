import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

// Where the pictures live: the same variable that the Worker reads, also in production builds.
const mediaOrigin = new URL(process.env.BYTESCALE_CDN_URL ?? 'https://upcdn.io')
  .origin as `https://${string}.${string}`;

// SvelteKit's route announcer hides itself with a style attribute; this is its hash, so that
// every other inline style stays forbidden.
const ANNOUNCER_STYLE = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ pages: 'build', assets: 'build', fallback: 'app.html' }),
      // Absolute paths, because one 404 page and one app page answer at every depth.
      paths: { relative: false },
      prerender: { entries: ['*', '/.well-known/security.txt'] },
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['none'],
          'script-src': ['self', 'wasm-unsafe-eval'],
          'style-src': ['self'],
          'style-src-attr': ['unsafe-hashes', ANNOUNCER_STYLE],
          'img-src': ['self', 'blob:', 'data:', mediaOrigin],
          'connect-src': ['self', mediaOrigin],
          'worker-src': ['self'],
          'font-src': ['self'],
          'manifest-src': ['self'],
        },
      },
    }),
  ],
  define: {
    // The privacy text is a static page, so it states the retention of the configuration it is built with.
    __PHOTO_RETENTION_DAYS__: Number(process.env.PHOTO_RETENTION_DAYS ?? 30),
  },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: { proxy: { '/api': 'http://127.0.0.1:8787' } },
  worker: { format: 'es' },
});
