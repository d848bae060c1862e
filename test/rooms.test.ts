// Imports between rooms, the folders of src/, codegen/ and codegen/sign-in/, run one way: no room depends on one that depends
// on it.
// Reads sources; runs none of them.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { REPO } from "./codegen/support/app.js";

/** From a room to a room that one of its files imports, with one such pair of files. */
type Arrows = ReadonlyMap<string, ReadonlyMap<string, string>>;

test.each([
  ["codegen", 20],
  ["src", 10],
  ["codegen/sign-in", 3],
])("%s/ has rooms that import each other in one direction", (house, least) => {
  const arrows = arrowsOf(house, sourcesOf(house));
  expect(arrows.size).toBeGreaterThanOrEqual(least);
  expect(circlesIn(arrows)).toEqual([]);
});

test("rooms of codegen/sign-in/ import no file beside them, where a run begins", () => {
  const house = "codegen/sign-in";
  const upward = [...sourcesOf(house)]
    .filter(([path]) => roomOf(house, path) !== undefined)
    .flatMap(([path, text]) => importsOf(path, text).map((to) => `${path} imports ${to}`))
    .filter((line) => /imports codegen\/sign-in\/[^/]+$/.test(line));
  expect(upward).toEqual([]);
});

test("a circle is found, with the files that make it", () => {
  const sources = new Map([
    ["codegen/a/one.ts", 'import "../b/two.js";'],
    ["codegen/b/two.ts", 'export { three } from "../c/three.js";'],
    ["codegen/c/three.ts", 'const load = () => import("../a/one.js");'],
    ["codegen/c/free.ts", 'import "../errors.js";'],
    ["codegen/errors.ts", ""],
  ]);
  expect(circlesIn(arrowsOf("codegen", sources))).toEqual([
    "a > b > c > a (a/one.ts imports b/two.ts, b/two.ts imports c/three.ts, c/three.ts imports a/one.ts)",
  ]);
});

// --- internal ---

/** The text of each source below a folder of the repository, by path. */
function sourcesOf(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(join(REPO, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(REPO, path), readFileSync(path, "utf8")]),
  );
}

/** Files beside the rooms are for all of them (`errors.ts`), or where a program starts. */
function arrowsOf(house: string, sources: ReadonlyMap<string, string>): Arrows {
  const arrows = new Map<string, Map<string, string>>();
  for (const [path, text] of sources) {
    const from = roomOf(house, path);
    if (from === undefined) continue;
    for (const target of importsOf(path, text)) {
      const to = roomOf(house, target);
      if (to === undefined || to === from) continue;
      const ofRoom = arrows.get(from) ?? new Map<string, string>();
      ofRoom.set(to, ofRoom.get(to) ?? `${inHouse(house, path)} imports ${inHouse(house, target)}`);
      arrows.set(from, ofRoom);
    }
  }
  return arrows;
}

/** The repository's own modules that a module imports, by their paths. */
function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => normalize(join(dirname(path), fileName)).replace(/\.js$/, ".ts"));
}

function inHouse(house: string, path: string): string {
  return path.slice(house.length + 1);
}

/** The folder of the house that a file is in, at any depth; undefined beside the rooms, and elsewhere. */
function roomOf(house: string, path: string): string | undefined {
  if (!path.startsWith(`${house}/`)) return undefined;
  const [room, ...rest] = inHouse(house, path).split("/");
  return rest.length === 0 ? undefined : room;
}

/** Each circle once, from the first of its rooms by name. */
function circlesIn(arrows: Arrows): string[] {
  const circles: string[] = [];
  const walk = (way: readonly string[], start: string) => {
    for (const [next] of arrows.get(way.at(-1) ?? "") ?? []) {
      if (next === start) circles.push(describeWay(arrows, [...way, start]));
      else if (next > start && !way.includes(next)) walk([...way, next], start);
    }
  };
  for (const start of [...arrows.keys()].sort()) walk([start], start);
  return circles;
}

function describeWay(arrows: Arrows, way: readonly string[]): string {
  const files = way.slice(1).map((to, at) => arrows.get(way[at] ?? "")?.get(to));
  return `${way.join(" > ")} (${files.join(", ")})`;
}
