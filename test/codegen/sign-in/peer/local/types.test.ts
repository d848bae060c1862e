// Imports of a component's auth instance, whose type the app's own module gives afterwards.
import { expect, test } from "vitest";
import { loadProject } from "../../../../../codegen/disk/project.js";
import { editTypes } from "../../../../../codegen/sign-in/peer/local/own.js";
import { openWorkspace } from "../../../../../codegen/workspace/stage.js";
import { cliApp } from "../../../support/cli.js";

/** A module of the front end, after the component in convex/sign is gone. */
function edited(text: string): string | undefined {
  const app = cliApp("plain", {
    files: { "convex/sign/auth.ts": "export const auth = 1;\n", "src/client.ts": text },
  });
  const ws = openWorkspace(loadProject(app.root));
  const module = ws.module(app.path("src/client.ts"));
  if (!module) throw new Error("src/client.ts is missing");
  return editTypes(ws, { module, folder: app.path("convex/sign"), extension: "" });
}

test("the type of the instance comes from the generated module", () => {
  expect(edited('import type { auth } from "../convex/sign/auth";\n')).toBe(
    'import type { auth } from "../convex/generated/auth";\n',
  );
});

test.each(['import "../convex/sign/auth";\n', 'import {} from "../convex/sign/auth";\n'])(
  "%s takes no type, and stays",
  (text) => {
    expect(edited(text)).toBeUndefined();
  },
);
