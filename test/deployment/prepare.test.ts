// Modules of a push as scripts: an import reads what the other module has now, and V8 reads it as fast as a field.
import v8 from "node:v8";
import { expect, test } from "vitest";
import { scriptOf, type Exports } from "./isolate.js";
import { prepare } from "./prepare.js";

type Module = { exports: Exports };
type Wrapper = (require: (specifier: string) => Exports, module: Module) => void;

/** The exports of a module, which is evaluated with those it imports: each once, as in a run. */
async function load(entry: string, sources: Readonly<Record<string, string>>): Promise<Exports> {
  const prepared = await prepare(
    Object.entries(sources).map(([path, source]) => ({ path, source, environment: "isolate" })),
  );
  const made = new Map<string, Module>();
  const require = (specifier: string): Exports => {
    const known = made.get(specifier);
    if (known) return known.exports;
    const module: Module = { exports: {} };
    made.set(specifier, module);
    const source = prepared.find(({ path }) => `./${path}` === specifier)!; // each that is imported is given
    (scriptOf(source).runInThisContext() as Wrapper)(require, module); // as isolate.ts wraps it
    return module.exports;
  };
  return require(`./${entry}`);
}

/** False for what V8 keeps as a hash table, from which no optimised code reads quickly. */
function isFast(value: unknown): boolean {
  v8.setFlagsFromString("--allow-natives-syntax");
  return new Function("value", "return %HasFastProperties(value)")(value) === true;
}

test("what two modules export by the same names stays fast, also as a namespace and through a third", async () => {
  const loaded = await load("main.js", {
    "one.js": "export let a = 1; export const b = () => a++; export default 1;",
    "two.js": "export let a = 2; export const b = () => a++; export default 2;",
    "both.js": 'export * from "./one.js"; export * as two from "./two.js";',
    "main.js": `
      import * as one from "./one.js";
      import * as two from "./two.js";
      import * as both from "./both.js";
      export { one, two, both };`,
  });
  expect(isFast(Object.create(null))).toBe(false);
  const { one, two, both } = loaded as Record<"one" | "two" | "both", Exports>;
  for (const exports of [loaded, one, two, both, both.two]) expect(isFast(exports)).toBe(true);
  for (const exports of [one, both]) {
    const { get } = Object.getOwnPropertyDescriptor(exports, "a")!;
    expect(String(get)).toBe("() => a"); // of the module itself: no getter around another
  }
});

test("an import reads what the module has now, also where two import one another", async () => {
  const { seen } = await load("main.js", {
    "count.js": "export let n = 0; export function add() { n++; }",
    "again.js": 'export * from "./count.js"; export { n as same } from "./count.js";',
    "even.js": `
      import { isOdd } from "./odd.js";
      export function isEven(n) { return n === 0 || isOdd(n - 1); }`,
    "odd.js": `
      import { isEven } from "./even.js";
      export function isOdd(n) { return n !== 0 && isEven(n - 1); }`,
    "main.js": `
      import * as all from "./again.js";
      import { add, n, same } from "./again.js";
      import { isEven } from "./even.js";
      const before = [n, same, all.n];
      add();
      export const seen = [before, [n, same, all.n], Object.keys(all), isEven(8)];`,
  });
  expect(seen).toEqual([[0, 0, 0], [1, 1, 1], ["same", "add", "n"], true]);
});
