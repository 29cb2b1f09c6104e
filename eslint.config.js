import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist/", "node_modules/", "state/", "recordings/", "coverage/", "test-results/"]),
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./web/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // A number or a boolean in a template string is what a person expects to read there.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: "error",
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "node:child_process",
              importNames: ["exec", "execSync", "fork"],
              message: "Never a shell: spawn with an argument vector.",
            },
            { name: "fluent-ffmpeg", message: "Only server/stream/ffmpeg-arguments.ts knows fluent-ffmpeg." },
          ],
        },
      ],
    },
  },
  { files: ["server/stream/ffmpeg-arguments.ts"], rules: { "no-restricted-imports": "off" } },
  {
    files: ["**/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { console: "readonly", fetch: "readonly", performance: "readonly", process: "readonly" },
    },
  },
  {
    files: ["web/public/sw.js"],
    languageOptions: {
      globals: Object.fromEntries(
        ["caches", "fetch", "Request", "Response", "self", "setTimeout", "URL"].map((name) => [name, "readonly"]),
      ),
    },
  },
);
