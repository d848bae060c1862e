// Random histories: plugins come and go, the user edits in between. Whatever happens, a run leaves the user's
// lines alone, gives Better Auth what it needs, and a second run changes nothing.
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { printDiff } from "../../../codegen/terminal/diff.js";
import { parseModule } from "../../../codegen/edit/index.js";
import { findSchema } from "../../../codegen/merge/find-schema.js";
import { readTable, type TableSource } from "../../../codegen/merge/read-table.js";
import { createScope } from "../../../codegen/modules/names.js";
import { startsWithColumns } from "../../../codegen/plan/plan-indexes.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import { loadAuth } from "../../../codegen/load/load-auth.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { fixture, makeApp, type TestApp } from "../support/app.js";
import { typeCheck } from "../support/type-check.js";

const SCHEMA = "convex/schema.ts";
const STYLES = ["inline", "consts-no-semi"].map((name) => `cases/schema-styles/${name}.ts`);
const OWN_STYLES = ["crlf", "tabs", "comments-everywhere", "one-line", "aliased-imports"].map(
  (name) => `schema-styles/${name}.ts`,
);

const PLUGINS = ["organization", "username", "twoFactor", "admin", "phoneNumber", "anonymous"];
const FIELDS: Record<string, string> = {
  plan: '{ type: ["free", "pro"], defaultValue: "free" }',
  level: '{ type: "number", required: false, index: true }',
  code: '{ type: "string", unique: true }',
};

/** Options of auth.ts that rename a table or a column. */
const RENAMES: Record<string, string> = {
  table: 'account: { modelName: "logins" }',
  column: 'session: { fields: { ipAddress: "ip" } }',
};

/** What the history has done so far. */
type World = {
  readonly app: TestApp;
  readonly plugins: Set<string>;
  readonly fields: Set<string>;
  /** Options that store something under another name. */
  readonly renames: Set<string>;
  /** Texts of the user's that must be there, in any layout. */
  readonly mine: Set<string>;
  /** Texts of the user's in managed columns: they may go with overwrite only. */
  readonly edits: Set<string>;
  count: number;
};

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 10) % below;
  };
}

const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[random(from.length)];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
};

function writeAuth({ app, plugins, fields, renames }: World): void {
  const names = PLUGINS.filter((name) => plugins.has(name));
  const extra = [...fields].map((name) => `${name}: ${FIELDS[name]}`).join(", ");
  app.write(
    "convex/auth.ts",
    `import { ${PLUGINS.join(", ")} } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
export default defineAuth(() => ({
  user: { additionalFields: { ${extra} } },
${[...renames].map((name) => `  ${RENAMES[name]},\n`).join("")}  plugins: [${names.map((name) => `${name}()`).join(", ")}],
}));
`,
  );
}

/** Toggles one of a set. */
function toggle(set: Set<string>, name: string): void {
  if (!set.delete(name)) set.add(name);
}

/** A managed block, as [start, end) of the text between its braces' lines. */
function blockOf(text: string, random: Random): { start: number; end: number } | undefined {
  const blocks = [...text.matchAll(/export const \w+Table\d* = \w+\(\{\r?\n/g)];
  if (blocks.length === 0) return undefined;
  const block = pick(random, blocks);
  const start = block.index + block[0].length;
  return { start, end: text.indexOf("\n})", start) + 1 };
}

const EDITS: Record<string, (world: World, random: Random) => void | Promise<void>> = {
  plugin: (world, random) => toggle(world.plugins, pick(random, PLUGINS)),
  field: (world, random) => toggle(world.fields, pick(random, Object.keys(FIELDS))),
  rename: (world, random) => toggle(world.renames, pick(random, Object.keys(RENAMES))),
  ownColumn: (world, random) =>
    insertLine(world, random, (v, name) => `${name}: ${v}.optional(${v}.string()),`),
  comment: (world, random) => insertLine(world, random, (_, name) => `// ${name} says: leave me`),
  ownIndex: (world, random) => {
    const name = `mine_${(world.count += 1)}`;
    world.app.edit(SCHEMA, (text) => {
      const block = blockOf(text, random);
      if (!block || !/\bcreatedAt:/.test(text.slice(block.start, block.end))) return text;
      world.mine.add(name);
      const at = block.end + 2;
      return `${text.slice(0, at)}.index("${name}", ["createdAt"])${text.slice(at)}`;
    });
  },
  ownTable: (world) => {
    const name = `table_${(world.count += 1)}`;
    world.app.edit(SCHEMA, (text) => {
      const at = text.search(/^export default|^const tables = /m);
      world.mine.add(name);
      return `${text.slice(0, at)}export const ${name} = 1; // mine${eolOf(text)}${text.slice(at)}`;
    });
  },
  editColumn: (world, random) => {
    const mark = `edited_${(world.count += 1)}`;
    world.app.edit(SCHEMA, (text) => {
      const block = blockOf(text, random);
      if (!block) return text;
      const body = text.slice(block.start, block.end);
      const found = /^(\s*(?:name|image|createdAt|role|userId|updatedAt): )([^\n/]*?),/m.exec(body);
      if (!found) return text;
      for (const edit of world.edits) if (found[0].includes(edit)) return text;
      world.edits.add(mark);
      const v = spelling(text);
      const replaced = body.replace(
        found[0],
        `${found[1]}${v}.union(${found[2]}, ${v}.literal("${mark}")),`,
      );
      return text.slice(0, block.start) + replaced + text.slice(block.end);
    });
  },
  deleteColumn: (world, random) => {
    world.app.edit(SCHEMA, (text) => {
      const block = blockOf(text, random);
      if (!block) return text;
      const lines = text.slice(block.start, block.end).split("\n");
      const at = lines.findIndex((line) => /^\s*(updatedAt|email|token): .*,/.test(line));
      if (at === -1 || /edited_/.test(lines[at] ?? "")) return text;
      lines.splice(at, 1);
      return text.slice(0, block.start) + lines.join("\n") + text.slice(block.end);
    });
  },
  reformat: async (world, random) => {
    const options = {
      parser: "typescript",
      singleQuote: random(2) === 0,
      semi: random(2) === 0,
      useTabs: random(3) === 0,
      tabWidth: 2 + 2 * random(2),
      printWidth: pick(random, [60, 80, 120]),
      trailingComma: pick(random, ["all", "none"] as const),
      endOfLine: pick(random, ["lf", "crlf"] as const),
    };
    world.app.write(SCHEMA, await format(world.app.read(SCHEMA), options));
  },
};

function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function spelling(text: string): string {
  return /import \{[^}]*\bv as (\w+)/.exec(text)?.[1] ?? "v";
}

function insertLine(world: World, random: Random, line: (v: string, name: string) => string): void {
  const name = `own${(world.count += 1)}`;
  world.app.edit(SCHEMA, (text) => {
    const block = blockOf(text, random);
    if (!block) return text;
    const lines = text.slice(block.start, block.end).split("\n");
    // Only before lines that begin a column, never inside one that is broken over lines.
    const starts = lines.flatMap((one, at) => (/^(\t| {2}| {4})\w+: /.test(one) ? [at] : []));
    if (starts.length === 0) return text;
    world.mine.add(name);
    const added = `  ${line(spelling(text), name)}${eolOf(text).slice(0, -1)}`;
    lines.splice(pick(random, starts), 0, added);
    return text.slice(0, block.start) + lines.join("\n") + text.slice(block.end);
  });
}

function tablesOf(app: TestApp): Map<string, TableSource | undefined> {
  const module = parseModule(app.read(SCHEMA), app.path(SCHEMA));
  const read = () => undefined;
  const scope = createScope(read);
  const { entries } = findSchema(module, { scope, read });
  return new Map([...entries].map(([key, entry]) => [key, readTable(entry.at, scope)]));
}

async function assertInvariants(world: World): Promise<void> {
  const { app, mine, edits } = world;
  const text = app.read(SCHEMA);
  for (const one of [...mine, ...edits])
    expect(text.match(new RegExp(`\\b${one}\\b`, "g")), `${one} in\n${text}`).toHaveLength(1);
  expect(new Set([...text.matchAll(/\r?\n/g)].map(([eol]) => eol)).size).toBe(1);

  const auth = await loadAuth(openWorkspace(app.project));
  const planned = planTables(auth.tables, { ...auth, placement: "split" });
  const tables = tablesOf(app);
  for (const table of planned.app) {
    const source = tables.get(table.table);
    expect(source, table.table).toBeDefined();
    for (const { column } of table.columns)
      expect([...(source?.fields.keys() ?? [])]).toContain(column);
    const indexes = [...(source?.indexes.values() ?? [])];
    for (const { columns } of table.indexes)
      expect(indexes.some((one) => startsWithColumns(one.columns ?? [], columns))).toBe(true);
  }
  const second = await app.plan();
  expect(printDiff(second.changes, app.project)).toBe("");
}

const checked: string[] = [];

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe.each(SEEDS)("history %i", (seed) => {
  test("keeps every promise", async () => {
    const random = randomOf(seed);
    const style = pick(random, [...STYLES, ...OWN_STYLES]);
    const app = makeApp({
      [SCHEMA]: fixture(style),
      "convex/billing/tables.ts": fixture("schema-styles/_modules/billing/tables.ts"),
    });
    const world: World = {
      app,
      plugins: new Set(),
      fields: new Set(),
      renames: new Set(),
      mine: new Set(),
      edits: new Set(),
      count: 0,
    };
    writeAuth(world);
    await app.run();
    const steps: string[] = [];
    for (let step = 0; step < 8; step += 1) {
      for (let edit = 0; edit < 1 + random(3); edit += 1) {
        const name = pick(random, Object.keys(EDITS));
        steps.push(name);
        await EDITS[name]?.(world, random);
      }
      writeAuth(world);
      const overwrite = random(5) === 0;
      steps.push(overwrite ? "run --overwrite" : "run");
      const before = app.read(SCHEMA);
      await app.run({ prune: random(3) === 0, overwrite });
      assertLinesStay(before, app.read(SCHEMA), overwrite ? world.mine : allOf(world));
      if (overwrite)
        for (const edit of [...world.edits])
          if (!app.read(SCHEMA).includes(edit)) world.edits.delete(edit);
      try {
        await assertInvariants(world);
      } catch (error) {
        throw new Error(`seed ${seed}, ${style}, after ${steps.join(", ")}`, { cause: error });
      }
    }
    checked.push(app.path(SCHEMA), app.path("convex/generated/auth.tables.ts"));
  });
});

test("what every history ends with type-checks", () => {
  expect(checked).toHaveLength(SEEDS.length * 2);
  expect(typeCheck(checked)).toEqual([]);
}, 240_000);

function allOf({ mine, edits }: World): Set<string> {
  return new Set([...mine, ...edits]);
}

/** Lines with something of the user's are there afterwards, byte for byte; a last one may gain its comma. */
function assertLinesStay(before: string, after: string, marks: ReadonlySet<string>): void {
  const lines = new Set(after.split("\n"));
  for (const line of before.split("\n")) {
    if (![...marks].some((mark) => new RegExp(`\\b${mark}\\b`).test(line))) continue;
    const withComma = line.replace(/\r?$/, (end) => `,${end}`);
    expect(lines.has(line) || lines.has(withComma), `${JSON.stringify(line)} in\n${after}`).toBe(
      true,
    );
  }
}
