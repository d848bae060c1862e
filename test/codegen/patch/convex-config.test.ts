// What patching convex.config.ts adds, in many styles, and what it refuses.
import { describe, expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { patchConvexConfig } from "../../../codegen/patch/convex-config.js";

const path = "/app/convex/convex.config.ts";
const patch = (text: string) => patchConvexConfig(parseModule(text, path)).text;

describe("patchConvexConfig mounts the component", () => {
  const cases: { name: string; given: string; want: string }[] = [
    {
      name: "below the app",
      given: `import { defineApp } from "convex/server";\n\nconst app = defineApp();\n\nexport default app;\n`,
      want: `import { defineApp } from "convex/server";\nimport authComponent from "kitcn/convex.config";\n\nconst app = defineApp();\napp.use(authComponent);\n\nexport default app;\n`,
    },
    {
      name: "below the last use, with its comment, quotes and no semicolons",
      given: `import { defineApp } from 'convex/server'\nimport a from '@x/a/convex.config'\n\nconst app = defineApp()\napp.use(a)\napp.use(a, { name: 'b' }) // twice\nexport default app\n`,
      want: `import { defineApp } from 'convex/server'\nimport a from '@x/a/convex.config'\nimport authComponent from 'kitcn/convex.config'\n\nconst app = defineApp()\napp.use(a)\napp.use(a, { name: 'b' }) // twice\napp.use(authComponent)\nexport default app\n`,
    },
    {
      name: "to a typed app",
      given: `import { defineApp } from "convex/server";\nconst app: ReturnType<typeof defineApp> = defineApp();\nexport default app;\n`,
      want: `import { defineApp } from "convex/server";\nimport authComponent from "kitcn/convex.config";\nconst app: ReturnType<typeof defineApp> = defineApp();\napp.use(authComponent);\nexport default app;\n`,
    },
    {
      name: "to an inline default export, under a free name",
      given: `import { defineApp } from "convex/server";\nconst app = 1;\n// The app.\nexport default defineApp({ httpPrefix: "/x" });\n`,
      want: `import { defineApp } from "convex/server";\nimport authComponent from "kitcn/convex.config";\nconst app = 1;\nconst app2 = defineApp({ httpPrefix: "/x" });\napp2.use(authComponent);\n\n// The app.\nexport default app2;\n`,
    },
    {
      name: "below a use whose result is kept",
      given: `import { defineApp } from "convex/server";\nimport a from "@x/a/convex.config.js";\nexport const app = defineApp();\nconst used = app.use(a);\napp.mount({ used });\nexport { app as default };\n`,
      want: `import { defineApp } from "convex/server";\nimport a from "@x/a/convex.config.js";\nimport authComponent from "kitcn/convex.config";\nexport const app = defineApp();\nconst used = app.use(a);\napp.use(authComponent);\napp.mount({ used });\nexport { app as default };\n`,
    },
    {
      name: "with CRLF, below uses in a loop",
      given: `import { defineApp } from "convex/server";\r\nconst app = defineApp();\r\nfor (const one of all) {\r\n  app.use(one);\r\n}\r\nexport default app;\r\n`,
      want: `import { defineApp } from "convex/server";\r\nimport authComponent from "kitcn/convex.config";\r\nconst app = defineApp();\r\nfor (const one of all) {\r\n  app.use(one);\r\n}\r\napp.use(authComponent);\r\nexport default app;\r\n`,
    },
    {
      name: "reusing an import that is there",
      given: `import { defineApp } from "convex/server";\nimport kitcn from "kitcn/convex.config";\nconst app = defineApp();\n// app.use(kitcn);\nexport default app;\nvoid kitcn;\n`,
      want: `import { defineApp } from "convex/server";\nimport kitcn from "kitcn/convex.config";\nconst app = defineApp();\napp.use(kitcn);\n// app.use(kitcn);\nexport default app;\nvoid kitcn;\n`,
    },
  ];
  test.each(cases)("$name", ({ given, want }) => {
    expect(patch(given)).toBe(want);
    parseModule(want, path);
    expect(patch(want)).toBeUndefined();
  });
});

test("an import with .js and an explicit name is known", () => {
  expect(
    patch(
      `import { defineApp } from "convex/server";\nimport auth from "kitcn/convex.config.js";\nconst app = defineApp();\napp.use(auth, { name: "auth" });\nexport default app;\n`,
    ),
  ).toBeUndefined();
});

describe("patchConvexConfig refuses", () => {
  test.each([
    { given: `export {};\n`, code: "CONVEX_CONFIG_UNKNOWN_FORM" },
    {
      given: `import { defineComponent } from "convex/server";\nexport default defineComponent("x");\n`,
      code: "CONVEX_CONFIG_UNKNOWN_FORM",
    },
    { given: `export { default } from "./app";\n`, code: "CONVEX_CONFIG_UNKNOWN_FORM" },
    {
      given: `import { defineApp } from "convex/server";\nimport a from "kitcn/convex.config";\nconst app = defineApp();\napp.use(a, { name: "mine" });\nexport default app;\n`,
      code: "COMPONENT_RENAMED",
    },
    {
      given: `import { defineApp } from "convex/server";\nimport a from "other/convex.config";\nconst app = defineApp();\napp.use(a, { name: "auth" });\nexport default app;\n`,
      code: "COMPONENT_NAME_TAKEN",
    },
  ])("$code: $given", ({ given, code }) => {
    expect(() => patch(given)).toThrow(expect.objectContaining({ code, exitCode: 1 }));
  });
});

describe("a component of the app's own", () => {
  const local = (text: string) =>
    patchConvexConfig(parseModule(text, path), { from: "local" }).text;
  const mounted = (source: string) =>
    `import { defineApp } from 'convex/server'\nimport auth from '${source}'\nconst app = defineApp()\napp.use(auth) // mine\nexport default app\n`;

  test("is mounted where there was none", () => {
    const text = `import { defineApp } from "convex/server";\nconst app = defineApp();\nexport default app;\n`;
    expect(local(text)).toContain(
      'import authComponent from "./components/auth/convex.config";\nconst app = defineApp();\napp.use(authComponent);',
    );
  });

  test("takes the packaged one's place, and gives it back; nothing else moves", () => {
    const packaged = mounted("kitcn/convex.config");
    const own = mounted("./components/auth/convex.config");
    expect(local(packaged)).toBe(own);
    expect(local(own)).toBeUndefined();
    expect(patch(own)).toBe(packaged);
  });

  test("is what a refusal says to import", () => {
    expect(() => local("export {};\n")).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining(
          'import authComponent from "./components/auth/convex.config";',
        ),
      }),
    );
  });
});
