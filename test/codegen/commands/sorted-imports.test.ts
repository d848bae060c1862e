// A formatter that sorts imports, as Biome does, leaves no difference to the commands, and they leave it its order.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment } from "../support/cli.js";
import { succeeded } from "../grow/support.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

test("generated modules whose imports were sorted are in sync, and stay as they are", async () => {
  const app = cliApp("plain");
  succeeded(await app.kitcn("add", "auth", "--yes"));
  for (const name of ["auth", "routes", "server", "store"]) {
    const path = `convex/generated/${name}.ts`;
    const sorted = withSortedNames(app.read(path));
    expect(sorted, path).not.toBe(app.read(path));
    app.write(path, sorted);
  }
  const before = app.snapshot();
  for (const command of [["add", "auth", "--schema", "--check"], ["codegen"]])
    expect(succeeded(await app.kitcn(...command)).stdout).toContain("nothing was written");
  expect(app.snapshot()).toEqual(before);
});

// --- internal ---

/** The names in braces, from the last to the first: another order than the commands print. */
function withSortedNames(text: string): string {
  return text.replace(/import \{([^}]*)\} from/g, (_, names: string) => {
    const list = names.split(",").flatMap((one) => one.trim() || []);
    return `import { ${list.reverse().join(", ")} } from`;
  });
}
