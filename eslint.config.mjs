// The rules for the tools and the tests on workerd; the frontend has its own.
import js from "@eslint/js";
import globals from "globals";

export default [
    {
        ignores: [
            "frontend/**",
            "tests/browser/**",
            "build/**",
            "target/**",
            ".tools/**",
            ".wrangler/**",
            "bench/*/build/**",
            "bench/*/.svelte-kit/**",
            "bench/*/target/**",
            "stand-ins/**",
            "tests/fixtures/**",
        ],
    },
    js.configs.recommended,
    {
        files: ["**/*.mjs", "*.js", "bench/**/*.js"],
        languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.node },
        rules: {
            eqeqeq: "error",
            "no-await-in-loop": "off",
            "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
        },
    },
];
