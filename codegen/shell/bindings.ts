// Lists the Convex packages that frameworks without React need. Reads only.
import { ownVersion } from "../disk/project.js";
import type { Workspace } from "../workspace/stage.js";
import { detectShell, type Site } from "./detect.js";

/** Names and ranges of packages that an app's front end needs and does not have. */
export function missingBindings(ws: Workspace): (readonly [name: string, range: string])[] {
  const shell = detectShell(ws);
  const bindings = shell.kind in BINDINGS ? BINDINGS[shell.kind as Site["kind"]] : []; // a key, as just seen
  return bindings.filter(([name]) => ownVersion(ws.project, name) === undefined);
}

// --- internal ---

const BINDINGS: Readonly<Record<Site["kind"], readonly (readonly [string, string])[]>> = {
  // The first version that accepts the token of a request on the server.
  sveltekit: [["convex-svelte", "^0.14.0"]],
  // Its composables use Convex's own client.
  nuxt: [],
  // Its client is the one of the package convex.
  solidstart: [],
};
