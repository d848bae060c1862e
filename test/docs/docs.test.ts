// Every command and every code block of the documentation, so that none of them can rot:
// commands are parsed by the real programs, modules are type-checked in an app that has auth.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { printMail } from "../../codegen/print/mail-modules.js";
import { cliApp, PACKAGES } from "../codegen/support/cli.js";
import { CONVEX_GENERATED, typeCheck } from "../codegen/support/type-check.js";
import { anchorOf } from "../../site/links.js";
import { commandsOf, problemOf } from "./support/commands.js";
import {
  blocksOf,
  loadBlocks,
  loadDocuments,
  loadLinks,
  loadSpans,
  type CodeBlock,
} from "./support/markdown.js";

const root = process.cwd();
const blocks = loadDocuments(root).flatMap((document) => loadBlocks(root, document));
const of = (...languages: string[]) =>
  blocks.filter(({ language }) => languages.includes(language));

test("every block says what it is", () => {
  const known = ["sh", "js", "ts", "tsx", "json", "yaml", "text", "diff", "mermaid", "css", "html"];
  expect(blocks.filter(({ language }) => !known.includes(language)).map(nameOf)).toEqual([]);
  // Scripts would have to be run.
  expect(of("js")).toEqual([]);
});

test("links between documents and to files lead somewhere", () => {
  const dead = loadDocuments(root).flatMap((document) =>
    loadLinks(root, document)
      .filter((target) => !leadsSomewhere(document, target))
      .map((target) => `${document}: ${target}`),
  );
  expect(dead).toEqual([]);
});

test.each(of("sh").map((block) => [nameOf(block), block] as const))(
  "%s: the programs take these commands",
  async (_name, { text }) => {
    const commands = commandsOf(text);
    expect(commands).not.toEqual([]);
    for (const words of commands)
      expect(await problemOf(words, root), words.join(" ")).toBeUndefined();
  },
);

test.each(of("yaml").map((block) => [nameOf(block), block] as const))(
  "%s: the programs take the commands of its steps",
  async (_name, { text }) => {
    await format(text, { parser: "yaml" }); // throws for what is not YAML
    for (const [, line = ""] of text.matchAll(/^\s*- run: (.*)$/gm))
      for (const words of commandsOf(line))
        expect(await problemOf(words, root), line).toBeUndefined();
  },
);

test.each(loadDocuments(root))(
  "%s: the programs take the commands in its sentences",
  async (name) => {
    const spans = loadSpans(root, name).filter((span) => COMMAND.test(span) && !/[…<]/.test(span));
    for (const words of [...new Set(spans)].flatMap(commandsOf))
      expect(await problemOf(words, root), words.join(" ")).toBeUndefined();
  },
);

test.each(of("json").map((block) => [nameOf(block), block] as const))(
  "%s is JSON, and a lock if it looks like one",
  async (_name, { text }) => {
    const value = JSON.parse(text) as object;
    if (!("plugins" in value)) return;
    const { parseLock } = await import("../../codegen/lock/parse-lock.js");
    expect(() => parseLock(text, "plugins.lock.json")).not.toThrow();
  },
);

// One program a document: its generated/server.ts tells kitcn/orm what the tables of its app are.
// The declarations of the API reference are the sources' own text; its examples are an app like any other.
const modules = of("ts", "tsx").filter(
  ({ document, lead }) => document !== "docs/api.md" || lead === "For example:",
);
test.each([...new Set(modules.map((block) => block.document))])(
  "%s: modules type-check in an app that has auth",
  async (document) => {
    const blocks = modules.filter((block) => block.document === document);
    expect(typeCheck([...(await writeApp(blocks)), ...AMBIENT], { kitcn: "built" })).toEqual([]);
  },
  300_000,
);

test("the README's figures are those of the last bench", () => {
  // Of each row with figures: its name, and what kitcn and the peer cost. RESULTS.md has columns between them.
  const rowsOf = (path: string) =>
    readFileSync(join(root, path), "utf8")
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .map(([, name = "", ...cells]) => {
        const figures = cells.filter((cell) =>
          /^\d[\d.,]* (KB|\/ \d+|\(\+\d+ nested\))/.test(cell),
        );
        return { name, costs: `${figures[0]} beside ${figures.at(-1)}`, count: figures.length };
      })
      .filter(({ count }) => count > 1);
  const quoted = rowsOf("README.md");
  expect(quoted.length).toBeGreaterThan(8);
  const measured = rowsOf("bench/RESULTS.md");
  for (const { name, costs } of quoted) {
    const named = measured.filter((row) => costs.includes("KB") || row.name === name);
    expect(
      named.map((row) => row.costs),
      name,
    ).toContain(costs);
  }
});

test("a block ends where its fence ends", () => {
  expect(blocksOf("a\n```ts\nx\n```\n  ```sh\n  y\n  ```\n")).toEqual([
    { line: 2, language: "ts", lead: "a", text: "x\n" },
    { line: 5, language: "sh", lead: "a", text: "y\n" },
  ]);
  expect(() => blocksOf("```ts\nx\n")).toThrow("line 1");
});

// --- internal ---

/** A code span that is a command, and not the name of a program or a file. */
const COMMAND = /^(npx|npm|kitcn|convex) [a-z]/;

/** A file of the repository, and in a document the heading after `#`. */
function leadsSomewhere(from: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? join(root, from) : join(root, dirname(from), path);
  if (!existsSync(file)) return false;
  if (anchor === undefined || !file.endsWith(".md")) return true;
  const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)];
  return headings.some(([, heading = ""]) => anchorOf(heading) === anchor);
}

function nameOf({ document, line }: CodeBlock): string {
  return `${document}:${line}`;
}

/** What only some documents import. */
const OPTIONAL = [
  "hono",
  "react",
  "react-dom",
  "@types/react",
  "@types/react-dom",
  "zod",
  "convex-test",
  "vitest",
  "vite",
];

/** What bundlers declare, and the functions that the documents use of frameworks that are not installed here. */
const AMBIENT = [
  "node_modules/vite/client.d.ts",
  "src/nextjs/next-headers.d.ts",
  "src/start/start-server.d.ts",
  "test/docs/support/frameworks.d.ts",
].map((path) => join(root, path));

/** Documents refer to functions that they do not show. */
const ANY_API = `import type { AuthComponent } from "kitcn/auth/runtime";
import type { AnyApi } from "convex/server";
export declare const api: AnyApi;
export declare const internal: AnyApi;
export declare const components: { auth: AuthComponent };
`;

/** One app a document: its blocks may build on each other, and get auth as any app does. */
async function writeApp(ofDocument: readonly CodeBlock[]): Promise<string[]> {
  const documented = ofDocument.map(({ line, language, text }) => [
    pathOf(text) ?? `convex/block-${line}.${language}`,
    text,
  ]);
  const modules = { ...CONVEX_GENERATED, "_generated/api.d.ts": ANY_API };
  // What `kitcn add email` writes, for documents that send.
  const text = { extension: "", getEnv: undefined, siteUrl: "", sender: "resend" } as const;
  const sends = ofDocument.some((block) => block.text.includes('"./mail"'));
  const mail = sends ? [["convex/mail.ts", printMail(text)]] : [];
  const generated = Object.entries(modules).map(([path, text]) => [`convex/${path}`, text]);
  const app = cliApp("plain", {
    files: Object.fromEntries([...generated, ...mail, ...documented]) as Record<string, string>, // pairs of path and text
    packages: [...PACKAGES, ...OPTIONAL],
    convex: "real",
  });
  const added = await app.kitcn("add", "auth", "--yes", "--no-install");
  expect(added, `${ofDocument[0]?.document}: ${added.stderr}`).toMatchObject({ code: 0 });
  return documented.map(([path = ""]) => app.path(path));
}

/** The path that a block names in its first line: `// convex/auth.ts`. */
function pathOf(text: string): string | undefined {
  return /^\/\/ ([\w./[\]$-]+\.tsx?)$/m.exec(text.split("\n", 1)[0] ?? "")?.[1];
}
