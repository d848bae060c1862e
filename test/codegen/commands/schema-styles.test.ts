// Every usual way of writing schema.ts, with the two sample auth files: what is printed, that a second run
// changes nothing, that the user's lines stay byte for byte, and that the result type-checks.
import { existsSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { format, type Options } from "prettier";
import { describe, expect, test } from "vitest";
import { printDiff } from "../../../codegen/terminal/diff.js";
import { FIXTURES } from "../support/app.js";
import { appFor, STYLES } from "../support/schema-styles.js";
import { typeCheck } from "../support/type-check.js";

/**
 * What generated/auth.ts is typed with depends on the language of the schema, on who declares its tables, and on how it
 * is put together and exported: one style of each kind. Its check takes seconds; all styles: test/matrix.
 */
const TYPED = [
  ...["inline.ts", "empty.ts", "javascript.js", "own-user-const.ts", "reexport-imported.ts"],
  ...["conditional-spreads.ts", "made-at-run-time.ts", "namespace-of-tables.ts"],
];

const checked: string[] = [];

/** Lines that a patch may extend: the imports of Convex, and a one-line list of tables. */
function mayChange(line: string): boolean {
  return /from ['"]convex\/(server|values)['"]|defineSchema|schema\(|index\(|tables = \{/.test(
    line,
  );
}

/** Prettier options under which a text is already formatted, if there are any. */
async function styleOf(text: string): Promise<Options | undefined> {
  const endOfLine = text.includes("\r\n") ? "crlf" : "lf";
  for (const useTabs of [false, true])
    for (const tabWidth of [2, 4])
      for (const singleQuote of [false, true])
        for (const semi of [true, false]) {
          const trailingComma = tabWidth === 4 ? "none" : "all";
          const options = {
            useTabs,
            tabWidth,
            singleQuote,
            semi,
            endOfLine,
            trailingComma,
          } as const;
          const whole: Options = { ...options, parser: "typescript" };
          if ((await format(text, whole)) === text) return whole;
        }
  return undefined;
}

describe.each(STYLES)("%s", (style) => {
  test.each(["minimal", "saas"])("with %s.auth.ts", async (name) => {
    const { app, schema } = appFor(style, `cases/${name}.auth.ts`);
    const before = app.snapshot();

    const outcome = await app.run();

    const changed = outcome.changes.map((change) => change.path);
    const label = `${basename(style, extname(style))}.${name}`;
    const patched = changed.find((path) => /schema\.[jt]s$/.test(path)) ?? app.path(schema);
    const after = app.snapshot();
    const relative = Object.keys(after).find((one) => app.path(one) === patched) ?? schema;
    await expect(after[relative]).toMatchFileSnapshot(
      join(FIXTURES, "want", `${label}.schema${extname(style)}`),
    );

    const eol = /\r\n/.test(before[relative] ?? "") ? "\r\n" : "\n";
    if (eol === "\r\n") expect(after[relative]?.replaceAll("\r\n", "")).not.toContain("\n");
    const kept = (before[relative] ?? "").split("\n").filter((line) => !mayChange(line));
    const lines = (after[relative] ?? "").split("\n");
    let from = 0;
    for (const line of kept) {
      // A last member without a comma gets one.
      const at = lines.findIndex((one, n) => n >= from && (one === line || one === `${line},`));
      expect(at, `the line ${JSON.stringify(line)} is gone or moved`).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }

    const formatted = await styleOf(before[relative] ?? "");
    if (formatted) expect(await format(after[relative] ?? "", formatted)).toBe(after[relative]);

    const second = await app.run();
    expect(printDiff(second.changes, app.project)).toBe("");
    expect(app.snapshot()).toEqual(after);
    checked.push(app.path(relative), app.path(schema), app.path("convex/generated/auth.tables.ts"));
    // It registers the data model with kitcn/orm, which no two apps in one program can.
    if (name === "saas" && TYPED.includes(basename(style)))
      expect(typeCheck([app.path("convex/generated/auth.ts")])).toEqual([]);
    expect(existsSync(app.path("convex/plugins.lock.json"))).toBe(true);
  });
});

test("every output type-checks", () => {
  expect(STYLES.map((style) => basename(style))).toEqual(expect.arrayContaining(TYPED));
  // The check itself is alive: a wrong table name is an error of the generated metadata's reader.
  const { app } = appFor("cases/schema-styles/inline.ts", "cases/minimal.auth.ts");
  app.write(
    "convex/wrong.ts",
    'import type { DataModel } from "./_generated/dataModel";\nexport type X = DataModel["nothing"];\n',
  );
  expect(checked.length).toBeGreaterThan(STYLES.length * 2);
  const wrong = app.path("convex/wrong.ts");
  const messages = typeCheck([...checked, wrong]);
  expect(messages.filter((message) => !message.startsWith(wrong))).toEqual([]);
  expect(messages.filter((message) => message.startsWith(wrong))).not.toEqual([]);
}, 240_000);
