// Which variables the app's mail needs, and where they are read: the modules that use the Resend component.
// By syntax; reads the app, changes nothing.
import { textOf, walk, type Module } from "../edit/index.js";
import { RESEND_PACKAGE } from "../patch/resend.js";
import { listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import type { VariableRead } from "./reads.js";

/** The variables that mail is not sent without, each once. */
export function findMailReads(ws: Workspace): VariableRead[] {
  const { functionsDir } = ws.project;
  const modules = listFiles(ws, functionsDir, ({ name }) => SKIPPED.has(name))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.(test|d)\.[cm]?[jt]sx?$/.test(path))
    .filter((path) => USES_RESEND.test(ws.read(path) ?? ""))
    .flatMap((path) => ws.module(path) ?? []);
  const reads = modules.flatMap(readsIn);
  return [...new Map(reads.map((one) => [one.name, one])).values()];
}

// --- internal ---

const SKIPPED: ReadonlySet<string> = new Set(["_generated", "generated", "node_modules"]);

const USES_RESEND = new RegExp(`from\\s*["']${RESEND_PACKAGE}["']`);

/** However they are read: `process.env.NAME`, `getEnv().NAME`. Apps that come from Convex Auth have its names. */
const NAMES = /^(RESEND_API_KEY|EMAIL_FROM|AUTH_\w+_KEY)$/;

function readsIn(module: Module): VariableRead[] {
  const reads: VariableRead[] = [];
  walk(module.program, (node) => {
    if (node.type !== "MemberExpression" || node.computed) return;
    const name = textOf(module, node.property);
    if (!NAMES.test(name)) return;
    const line = node.loc?.start.line ?? 1;
    reads.push({ name, of: "your mails", file: module.path, line, isForProduction: true });
  });
  return reads;
}
