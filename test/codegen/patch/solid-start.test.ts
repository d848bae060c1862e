// A SolidStart app's own modules: one option more in vite.config, one middleware more, and nothing else moves.
import { describe, expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { patchMiddleware, patchStartMiddleware } from "../../../codegen/patch/solid-start.js";

const PATH = "./src/middleware/index.ts";

const config = (call: string, more = "") =>
  `import { solidStart } from "@solidjs/start/config";\n${more}export default { plugins: [${call}] };\n`;

const option = (text: string) =>
  patchStartMiddleware(parseModule(text, "vite.config.ts"), PATH).text;

describe("the option of solidStart()", () => {
  test.each([
    {
      name: "without options",
      before: config("solidStart()"),
      after: config(`solidStart({ middleware: "${PATH}" })`),
    },
    {
      name: "beside others",
      before: config("solidStart({ a: 1 })"),
      after: config(`solidStart({\n  a: 1,\n  middleware: "${PATH}",\n})`),
    },
    {
      name: "on a line of its own",
      before: config("solidStart({\n    ssr: true,\n  })"),
      after: config(`solidStart({\n    ssr: true,\n    middleware: "${PATH}",\n  })`),
    },
    {
      name: "in a variable",
      before: config("solidStart(options)", "const options = { a: 1 };\n"),
      after: config("solidStart(options)", `const options = { a: 1, middleware: "${PATH}" };\n`),
    },
    {
      name: "in the file's quotes, with another name",
      before:
        "import { solidStart as start } from '@solidjs/start/config'\nexport default start()\n",
      after: `import { solidStart as start } from '@solidjs/start/config'\nexport default start({ middleware: '${PATH}' })\n`,
    },
  ])("$name", ({ before, after }) => {
    expect(option(before)).toBe(after);
  });

  test.each(["solidStart({ ...shared })", "solidStart(shared)", "solidStart(make())"])(
    "%s is refused: its options may have one",
    (call) => {
      expect(() => option(config(call, 'import { shared } from "./shared";\n'))).toThrow(
        /vite\.config\.ts:3: kitcn cannot read which middleware/,
      );
    },
  );
});

const HOOK = { name: "handleAuth", source: "../lib/auth-server" };

const hooked = (text: string) => patchMiddleware(parseModule(text, "src/middleware.ts"), HOOK).text;

const middleware = (list: string, more = "") =>
  `import { createMiddleware } from "@solidjs/start/middleware";\n${more}\nexport default createMiddleware(${list});\n`;

const IMPORT = 'import { handleAuth } from "../lib/auth-server";\n';

describe("the list of middleware", () => {
  test.each([
    { name: "empty", before: middleware("[]"), after: middleware("[handleAuth]", IMPORT) },
    {
      name: "before others",
      before: middleware("[one, two]", 'import { one, two } from "./others";\n'),
      after: middleware(
        "[handleAuth, one, two]",
        `${IMPORT}import { one, two } from "./others";\n`,
      ),
    },
    {
      name: "on a line of its own",
      before: middleware("[\n  async (event, next) => next(),\n]"),
      after: middleware("[\n  handleAuth,\n  async (event, next) => next(),\n]", IMPORT),
    },
  ])("$name", ({ before, after }) => {
    expect(hooked(before)).toBe(after);
    expect(hooked(after)).toBeUndefined();
  });

  test.each([
    ["the older form", middleware("{ onRequest: [] }")],
    ["another function", "export default make();\n"],
    ["nothing", ""],
  ])("%s is refused, with the lines", (_, text) => {
    expect(() => hooked(text)).toThrow(/does not export createMiddleware\(\[\.\.\.\]\)/);
  });
});
