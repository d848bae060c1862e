// How the files of a run are laid out before they are written: by the app's prettier config, where it has one.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { layOut } from "../../../codegen/commands/lay-out.js";
import { printLock } from "../../../codegen/lock/lock.js";

let root = "";
beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), "kitcn-lay-out-")))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const CONFIG = { useTabs: true, singleQuote: true, trailingComma: "none" };
const LONG =
  "import { organization, twoFactor, magicLink, username, passkey } from 'better-auth/plugins';\n";
const LOCK = printLock({
  entries: { "better-auth": { files: ["a".repeat(40), "b".repeat(40)], tables: {} } },
  foreign: {},
  rest: {},
});

test.each([
  {
    name: "a module in the app's layout stays in it",
    file: "a.ts",
    before: "export default f({});\n",
    after: "export default f({\n  a: 1,\n});\n",
    want: "export default f({\n\ta: 1\n});\n",
  },
  {
    name: "a module in another layout keeps it, but for a new import that is too long",
    file: "a.ts",
    before: "export default f( {} );\n",
    after: `${LONG}export default f( { a: 1 } );\n`,
    want: `import {
	organization,
	twoFactor,
	magicLink,
	username,
	passkey
} from 'better-auth/plugins';
export default f( { a: 1 } );
`,
  },
  {
    name: "a module that prettier cannot read",
    file: "a.ts",
    before: "let a = ;\n",
    after: "let a = f( {} );\n",
    want: "let a = f( {} );\n",
  },
  {
    name: "an import of the user's stays as long as it is",
    file: "a.ts",
    before: `${LONG}f( {} );\n`,
    after: `${LONG}f( 1 );\n`,
    want: `${LONG}f( 1 );\n`,
  },
  {
    name: "a new style sheet",
    file: "a.css",
    after: ".a {\n  b: c;\n}\n",
    want: ".a {\n\tb: c;\n}\n",
  },
  {
    name: "a new style sheet with other line ends",
    file: "a.css",
    after: ".a {\r\n  b: c;\r\n}\r\n",
    want: ".a {\r\n\tb: c;\r\n}\r\n",
  },
  {
    name: "a new tsconfig",
    file: "tsconfig.json",
    after: '{\n  // Why.\n  "include": ["a"]\n}\n',
    want: '{\n\t// Why.\n\t"include": ["a"]\n}\n',
  },
  {
    name: "a new Vue component",
    file: "a.vue",
    after: '<template>\n  <p v-if="a">b</p>\n</template>\n',
    want: '<template>\n\t<p v-if="a">b</p>\n</template>\n',
  },
  {
    name: "a Svelte component, in an app without a plugin that reads it",
    file: "a.svelte",
    after: "<p>\n  a\n</p>\n",
    want: "<p>\n  a\n</p>\n",
  },
  {
    name: "the lock, whoever laid it out",
    file: "plugins.lock.json",
    before: "{}\n",
    after: LOCK,
    want: LOCK.replace(/^ +/gm, (blanks) => "\t".repeat(blanks.length / 2)),
  },
  { name: "a file of another kind", file: ".env", after: "A=1\n", want: "A=1\n" },
])("$name", async ({ file, before, after, want }) => {
  writeFileSync(join(root, ".prettierrc"), JSON.stringify(CONFIG));
  const [laid] = await layOut([{ path: join(root, file), before, after }]);
  expect(laid?.after).toBe(want);
});

test("without a config, everything stays as it is printed, but for imports that are too long", async () => {
  const sheet = { path: join(root, "a.css"), before: undefined, after: ".a { b: c }" };
  const lock = { path: join(root, "plugins.lock.json"), before: undefined, after: LOCK };
  const module = { path: join(root, "a.ts"), before: "f( {} );\n", after: `${LONG}f( {} );\n` };
  const [one, two, three] = await layOut([sheet, lock, module]);
  expect([one, two]).toEqual([sheet, lock]);
  expect(three?.after).toMatch(/^import \{\n {2}organization,\n[^]*f\( \{\} \);\n$/);
  expect(LOCK).toMatch(/\[\n +"a+",\n +"b+"\n +\]/);
});

test("a Svelte component, as the plugin of the app lays it out", async () => {
  const folder = join(root, "node_modules/prettier-plugin-svelte");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "plugin.mjs" }));
  // Prints all on one line.
  const plugin = `
    export const languages = [{ name: "svelte", parsers: ["svelte"], extensions: [".svelte"] }];
    export const parsers = {
      svelte: { parse: (text) => (text.includes("odd") ? odd : { text }), astFormat: "all", locStart: () => 0, locEnd: () => 0 },
    };
    export const printers = { all: { print: ({ node }) => node.text.replace(/\\s+/g, "") + "\\n" } };
  `;
  writeFileSync(join(folder, "plugin.mjs"), plugin);
  const config = { plugins: ["prettier-plugin-svelte", "prettier-plugin-other"] };
  writeFileSync(join(root, ".prettierrc"), JSON.stringify(config));
  const page = (after: string, before?: string) => ({
    path: join(root, "a.svelte"),
    before,
    after,
  });
  const given = [
    page("<odd>\n"),
    page("<p>\n  a\n</p>\n"),
    page("<p> a", "<p>"),
    page("<b>a</b> c", "<b>a</b>\n"),
  ];
  const laid = await layOut(given);
  expect(laid.map(({ after }) => after)).toEqual(["<odd>\n", "<p>a</p>\n", "<p> a", "<b>a</b>c\n"]);
});
