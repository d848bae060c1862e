// Lint rules that hold the house together: import directions, file sizes, no stray promises.
import tseslint from "typescript-eslint";

const noNodeInRuntime = {
  patterns: [
    {
      group: ["**/codegen/**", "**/codegen"],
      message: "src/ runs inside Convex: never import codegen/.",
    },
    { group: ["node:*"], message: "src/ runs inside Convex: no node: modules." },
    { group: ["**/test/**"], message: "src/ never imports tests." },
  ],
};

const noHeavyInComponent = {
  patterns: [
    ...noNodeInRuntime.patterns,
    {
      group: ["better-auth", "better-auth/*", "@better-auth/*", "zod", "zod/*"],
      message: "The component and the store carry no better-auth and no zod.",
    },
  ],
};

export default tseslint.config(
  {
    ignores: [
      "dist/**",
      "generated/**",
      "**/_generated/**",
      "test/fixtures/**",
      "examples/**",
      "bench/apps/**",
      "templates/{next,shared,sites,start,vite}/**",
      ".tmp/**",
      "site/.vitepress/{dist,cache}/**",
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "max-lines": ["error", { max: 350 }],
    },
  },
  {
    files: ["src/**/*.ts", "src/**/*.tsx"],
    rules: { "no-restricted-imports": ["error", noNodeInRuntime] },
  },
  {
    files: [
      "src/component/**/*.ts",
      "src/orm/**/*.ts",
      "src/query/**/*.ts",
      "src/store/**/*.ts",
      "src/triggers/**/*.ts",
      "src/errors/**/*.ts",
      "src/metadata.ts",
    ],
    rules: { "no-restricted-imports": ["error", noHeavyInComponent] },
  },
  {
    files: ["src/**/*.ts", "src/**/*.tsx"],
    ignores: ["src/errors/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='KitcnError'] > ObjectExpression",
          message: "Sentences are in src/errors/: add a function there, and throw what it returns.",
        },
      ],
    },
  },
  {
    files: ["codegen/**/*.ts"],
    ignores: ["codegen/cli.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "exit", message: "Only cli.ts exits." },
      ],
    },
  },
  {
    files: ["codegen/**/*.ts"],
    ignores: ["codegen/errors.ts", "codegen/errors/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='CodegenError']",
          message:
            "Sentences are in codegen/errors/: add a function there, and throw what it returns.",
        },
        {
          selector:
            "ObjectExpression:has(> Property[key.name='level']):has(> Property[key.name='fix'])",
          message:
            "Sentences are in codegen/errors/doctor-*.ts: add a function there, and return what it makes.",
        },
      ],
    },
  },
  { files: ["test/**/*.test.ts", "test/**/*.test.tsx"], rules: { "max-lines": "off" } },
  { files: ["**/*.js", "**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);
