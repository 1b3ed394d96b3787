import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

import { mediaOrigin, revision, site, turnstileOrigins } from './site.config.ts';

// SvelteKit's route announcer hides itself with a style attribute; this is its hash, so that
// every other inline style stays forbidden.
const ANNOUNCER_STYLE = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

/** A second build, for comparison, goes elsewhere. */
const folder = process.env.PAGES_FOLDER ?? 'build';

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ pages: folder, assets: folder, fallback: 'app.html' }),
      // Absolute paths, because one 404 page and one app page answer at every depth.
      paths: { relative: false },
      version: { name: revision() },
      prerender: { entries: ['*', '/.well-known/security.txt'] },
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['none'],
          'script-src': ['self', 'wasm-unsafe-eval', ...turnstileOrigins],
          ...(turnstileOrigins.length > 0 ? { 'frame-src': turnstileOrigins } : {}),
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
    // The legal pages are static, so they state the configuration that they are built with.
    __SITE__: JSON.stringify(site),
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 4 }] } },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8787' } },
  worker: { format: 'es' },
});
