// One cell of the version matrix; `npm run test:all` runs all of them.
import { test } from "vitest";
import { CELLS, runCell } from "../matrix/cells.js";

test("the oldest versions that kitcn is used with", async () => {
  const [oldest] = CELLS;
  if (!oldest) throw new Error("the matrix is empty");
  await runCell(oldest);
}, 1_200_000);
