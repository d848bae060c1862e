// Has lib/crpc.ts follow the plugins of auth.ts: the procedures of those that came or left.
// Stages a file that nobody changed since kitcn wrote it, and no other. Never changes who may call what is there.
import { shortPath } from "../disk/project.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { guardsOf, lostGuards, withGuards, type GuardName, type Guards } from "./guards.js";
import { printProcedures, proceduresOf } from "./lib-texts.js";
import { CRPC, fromLibOf, hasRoomForLib } from "./plan-lib.js";
import { findProcedureUses } from "./procedure-uses.js";
import { isAnyOf, stageOrReplace } from "./stage-module.js";

/**
 * Has lib/crpc.ts follow the plugins of auth.ts, where nobody changed it. Procedures that a module of the app uses stay.
 *
 * @param input.asked ids of plugins that this run adds: for these, a file that somebody changed gets a note
 * @returns sentences about procedures that are missing, or that stay without their plugin
 */
export async function refreshProcedures(
  ws: Workspace,
  { options, asked = [] }: { readonly options: object; readonly asked?: readonly string[] },
): Promise<string[]> {
  if (!hasRoomForLib(ws.project)) return [];
  const path = findFunctionsModule(ws, CRPC);
  if (path === undefined) return [];
  const fromLib = fromLibOf(ws);
  const print = (guards: Guards) => printProcedures(fromLib, guards);
  const wanted = guardsOf(options);
  if (await isAnyOf(ws, path, [print(wanted)])) return [];
  const current = ws.read(path) ?? "";
  for (const before of guardsBefore(current)) {
    if (!(await isAnyOf(ws, path, [print(before)]))) continue;
    const kept = keptGuards(ws, path, lostGuards(before, wanted));
    const hasOtherRoles = differ(before.adminRoles, wanted.adminRoles);
    const used = kept.map(({ name }) => name);
    const guards = withGuards(wanted, before, hasOtherRoles ? [...used, "admin"] : used);
    await stageOrReplace(ws, CRPC, { text: print(guards), replaces: [print(before)] });
    return [
      ...kept.map(({ note }) => note),
      ...(hasOtherRoles ? [rolesNote(shortPath(ws.project, path), before, wanted)] : []),
    ];
  }
  return asked
    .filter((id) => WITH_PROCEDURES.has(id) && !current.includes(`${id}Query`))
    .map(
      (id) =>
        `${shortPath(ws.project, path)}: you changed this file, so kitcn adds no ${id}Query to it. node_modules/kitcn/docs/server.md shows what to write there.`,
    );
}

// --- internal ---

/** Ids of plugins that have procedures, whose names begin with it. */
const WITH_PROCEDURES: ReadonlySet<string> = new Set<GuardName>(["organization", "admin"]);

/** The plugins whose procedures the app still uses, each with what to do about it. */
function keptGuards(ws: Workspace, path: string, lost: readonly GuardName[]) {
  return lost.flatMap((name) => {
    const uses = findProcedureUses(ws, path, proceduresOf(name));
    if (uses.length === 0) return [];
    const places = uses.map(({ file, names }) => `${file} (${names.join(", ")})`).join(", ");
    const note = `${shortPath(ws.project, path)} keeps the procedures of the ${name} plugin, which auth.ts no longer has, because these modules use them: ${places}. Change these modules, then run \`npx kitcn codegen\`, which removes the procedures.`;
    return [{ name, note }];
  });
}

/** Roles that somebody changed, there or in auth.ts: which of the two is meant, only its author knows. */
function differ(before: readonly string[], wanted: readonly string[]): boolean {
  const isSame = before.length === wanted.length && before.every((role) => wanted.includes(role));
  return before.length > 0 && wanted.length > 0 && !isSame;
}

function rolesNote(path: string, before: Guards, wanted: Guards): string {
  const list = ({ adminRoles }: Guards) => adminRoles.map((role) => `"${role}"`).join(", ");
  return `${path}: its admin procedures are for ${list(before)}, and adminRoles in auth.ts names ${list(wanted)}. kitcn changes no roles there: if they should be the same, change requireRole() in this file.`;
}

/** What lib/crpc.ts may have had when kitcn wrote it. */
function guardsBefore(current: string): Guards[] {
  const [, roles = ""] = /requireRole\(\s*ctx,([^)]*)\)/.exec(current) ?? [];
  const adminRoles = [...roles.matchAll(/"([^"]*)"|'([^']*)'/g)].map(
    ([, double = "", single = ""]) => double || single,
  );
  return [false, true].map((hasOrganization) => ({ hasOrganization, adminRoles }));
}
