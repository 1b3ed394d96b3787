import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Which of our own folders a folder under src/lib must not import; types are exempt. */
const layer = (folder, forbidden) => ({
  files: [`src/lib/${folder}/**`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `(^#lib/|^\\.\\./)(${forbidden.join('|')})/`,
            message: `lib/${folder} does not import these; only routes join the folders.`,
            allowTypeImports: true,
          },
        ],
      },
    ],
  },
});

export default ts.config(
  { ignores: ['build/', '.svelte-kit/', 'node_modules/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // The site is served from the root of its own origin only.
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/no-inline-styles': 'error',
    },
  },
  layer('api', ['photo', 'state', 'components', 'text']),
  layer('photo', ['api', 'state', 'components', 'text']),
  layer('text', ['api', 'photo', 'state', 'components']),
  layer('state', ['photo', 'components', 'text']),
  layer('components', ['api', 'photo', 'state']),
);
