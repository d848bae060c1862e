// Gives the app what an import needs: the two tables, and generated/import.ts with the functions. Then makes sure that
// the deployment has them. Writes through changes.ts.
import { homeOf } from "../disk/project.js";
import { recoverWrites, writeChanges } from "../disk/changes.js";
import type { ConvexCli } from "../env/convex-cli.js";
import type { Deployment } from "../env/deployment.js";
import { CodegenError } from "../errors.js";
import { importNotDeployed } from "../errors/import.js";
import type { Transport } from "../import/transport.js";
import type { Ui } from "../terminal/ui.js";
import type { FileChange, Project } from "../types.js";
import { openWorkspace } from "../workspace/stage.js";
import { planSchema, type SchemaOutcome } from "./schema.js";

/** The app's tables with those of the import. Nothing is written. */
export function planImportSchema(project: Project): Promise<SchemaOutcome> {
  return planSchema({ ws: openWorkspace(project), imports: true });
}

/** Writes what is missing, and pushes it where that is this command's to do. */
export async function installImport({
  project,
  changes,
  deployment,
  cli,
  transport,
  source,
  isProduction,
  ui,
}: {
  readonly project: Project;
  readonly changes: readonly FileChange[];
  readonly deployment: Deployment;
  readonly cli: ConvexCli;
  readonly transport: Transport;
  readonly source: string;
  readonly isProduction: boolean;
  readonly ui: Ui;
}): Promise<void> {
  recoverWrites(homeOf(project));
  writeChanges(changes, { root: homeOf(project) });
  const isThere = () => hasFunctions(transport, source);
  if (changes.length === 0 && (await isThere())) return;
  // A deploy to production is a person's decision.
  if (isProduction) {
    if (await isThere()) return;
    throw importNotDeployed();
  }
  if (deployment.kind !== "local") {
    ui.progress("pushing the functions of the import");
    await cli.push();
    ui.done();
    return;
  }
  // `convex dev` runs the backend, and pushes by itself.
  ui.progress("waiting for `convex dev` to push");
  for (const end = Date.now() + WATCHER_TIMEOUT_MS; !(await isThere());) {
    if (Date.now() > end) throw importNotDeployed();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  ui.done();
}

// --- internal ---

const WATCHER_TIMEOUT_MS = 30_000;
const POLL_MS = 500;

async function hasFunctions(transport: Transport, source: string): Promise<boolean> {
  try {
    await transport.call("importState", { source });
    return true;
  } catch (error) {
    if (error instanceof CodegenError && error.code === "IMPORT_NOT_DEPLOYED") return false;
    throw error;
  }
}
