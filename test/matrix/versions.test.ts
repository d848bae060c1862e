// `npm run test:all`: the versions that kitcn is used with, pairwise.
import { expect, test } from "vitest";
import { CELLS, runCell, type Cell } from "./cells.js";

test.each(CELLS)(
  "convex $convex, Node $node, TypeScript $typescript, vitest $vitest",
  runCell,
  1_800_000,
);

test("every legal pair of versions is in a cell", () => {
  const values = {
    convex: ["1.44.0", "latest"],
    node: ["20.19", "22", "24"],
    typescript: ["5.9", "7"],
    vitest: ["4", "5"],
  };
  const isLegal = (pair: Partial<Cell>) =>
    pair.node !== "20.19" || (pair.convex !== "latest" && pair.vitest !== "5");
  const axes = Object.keys(values) as (keyof Cell)[]; // written out above
  const missing = axes.flatMap((a, at) =>
    axes.slice(at + 1).flatMap((b) =>
      values[a].flatMap((x) =>
        values[b]
          .map((y) => ({ [a]: x, [b]: y }) as Partial<Cell>)
          .filter((pair) => isLegal(pair))
          .filter((pair) => !CELLS.some((cell) => cell[a] === pair[a] && cell[b] === pair[b])),
      ),
    ),
  );
  expect(missing).toEqual([]);
});
