// Imports between rooms, the folders of src/ and codegen/, run one way: no room depends on one that depends on it.
// Reads sources; runs none of them.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { REPO } from "./codegen/support/app.js";

/** From a room to a room that one of its files imports, with one such pair of files. */
type Arrows = ReadonlyMap<string, ReadonlyMap<string, string>>;

describe.each(["codegen", "src"])("%s/", (house) => {
  const arrows = arrowsOf(house, sourcesOf(house));

  test("has rooms that import each other in one direction", () => {
    expect(arrows.size).toBeGreaterThan(5);
    expect(circlesIn(arrows)).toEqual([]);
  });
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
    const from = roomOf(path);
    if (from === undefined) continue;
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (!fileName.startsWith(".")) continue;
      const target = normalize(join(dirname(path), fileName)).replace(/\.js$/, ".ts");
      const to = target.startsWith(`${house}/`) ? roomOf(target) : undefined;
      if (to === undefined || to === from) continue;
      const ofRoom = arrows.get(from) ?? new Map<string, string>();
      ofRoom.set(to, ofRoom.get(to) ?? `${inHouse(path)} imports ${inHouse(target)}`);
      arrows.set(from, ofRoom);
    }
  }
  return arrows;
}

function inHouse(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}

function roomOf(path: string): string | undefined {
  const [, room, ...rest] = path.split("/");
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
