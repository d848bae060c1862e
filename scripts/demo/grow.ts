// Adds plugins to the demo's app while it is served: one for each line that somebody enters in the terminal.
// Runs the commands that a user would run; writes no file itself.
import { createInterface } from "node:readline";
import { buildApp } from "../../test/browser/support/app.js";
import { runInApp, type DemoApp } from "./app.js";
import { tablesOf, type Added, type Facts } from "./facts.js";
import { step } from "./step.js";

/** In the order in which they are added. */
const PLUGINS: readonly Added[] = [
  { plugin: "organization", place: "/auth#organization" },
  { plugin: "two-factor", place: "/auth#account" },
];

export type Growth = Pick<Facts, "tables" | "added">;

/**
 * Reads lines until it is ended.
 *
 * @param input.onChange gets the app's tables after each command, and the plugin once the app is built with it
 */
export function growOnEnter(input: {
  readonly app: DemoApp;
  readonly env: Record<string, string>;
  readonly onChange: (growth: Growth) => void;
}): { readonly end: () => void } {
  const { app, env, onChange } = input;
  const lines = createInterface({ input: process.stdin });
  let added: readonly Added[] = [];
  let isBusy = false;
  const grow = async (next: Added) => {
    await step(commandOf(next), () =>
      runInApp(app, { command: ["kitcn", "add", "plugin", next.plugin, "--yes"], env }),
    );
    const tables = await tablesOf(app);
    onChange({ tables, added });
    await step("npx convex deploy", () =>
      runInApp(app, { command: ["convex", "deploy", "--yes"], env }),
    );
    await step("npm run build", () => buildApp(app));
    added = [...added, next];
    onChange({ tables, added });
  };
  lines.on("line", () => {
    const next = PLUGINS[added.length];
    if (isBusy || !next) return;
    isBusy = true;
    void grow(next)
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        isBusy = false;
        offer(PLUGINS[added.length]);
      });
  });
  offer(PLUGINS[0]);
  return { end: () => lines.close() };
}

// --- internal ---

function offer(next: Added | undefined): void {
  if (next) console.log(`Press Enter to run ${commandOf(next)} while the app runs.`);
}

function commandOf({ plugin }: Added): string {
  return `npx kitcn add plugin ${plugin} --yes`;
}
