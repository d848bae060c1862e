// Plans .env.schema, where varlock has what the variables of a front end are. It takes a variable that is not declared
// there for a secret: its development server then refuses each module with the value.
import { join } from "node:path";
import { detectEol } from "../edit/index.js";
import type { Workspace } from "../workspace/stage.js";
import { ENV_PREFIX, type FrontEnd } from "./detect.js";

/** Front ends that do not take the address of the routes from the deployment's. */
export const NEEDS_SITE: readonly FrontEnd["kind"][] = ["vite", "expo", "sveltekit"];

/** Declares the addresses of a deployment as public in the .env.schema of a front end that has one. */
export function planEnvSchema({ project, read, stage }: Workspace, kind: FrontEnd["kind"]): void {
  const path = join(project.root, ".env.schema");
  const before = read(path);
  if (before === undefined) return;
  const after = declare(before, [
    { name: `${ENV_PREFIX[kind]}CONVEX_URL`, decorators: "@public @type=url" },
    {
      name: `${ENV_PREFIX[kind]}CONVEX_SITE_URL`,
      decorators: NEEDS_SITE.includes(kind) ? "@public @type=url" : "@public @optional @type=url",
    },
  ]);
  if (after !== before) stage(path, after);
}

// --- internal ---

type Declaration = { readonly name: string; readonly decorators: string };

/** Adds the declarations whose names the text does not have, each below an empty line. */
function declare(text: string, wanted: readonly Declaration[]): string {
  const eol = detectEol(text);
  return wanted
    .filter(({ name }) => !new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=`, "m").test(text))
    .reduce(
      (before, { name, decorators }) =>
        `${before}${before.endsWith("\n") ? "" : eol}${eol}# ${decorators}${eol}${name}=${eol}`,
      text,
    );
}
