// The server half of a front end with a server of its own: lib/auth-server.ts, and the route that uses it.
import { join } from "node:path";
import { listExports, locationOf, parseModule, type Module } from "../edit/index.js";
import { manualEdit } from "../patch/types.js";
import { shortPath } from "../project.js";
import { findModule, type Kit } from "./kit.js";
import { isMadeWith, type Origin } from "./origins.js";

/** Whose handlers a route has to have, and under which of its exports. */
export type RouteForm = {
  readonly origin: Origin;
  /** The route is wired where every export of one of these lists is made with them. */
  readonly exports: readonly (readonly string[])[];
};

/** Plans of a route below /api/auth. */
export type RoutePlan = RouteForm & {
  /** Where a new route goes. */
  readonly route: string;
  /** What answers there already. */
  readonly taken: readonly string[];
  /** The text of a new lib/auth-server.ts. */
  readonly server: string;
  /** The text of a new route. */
  readonly print: (authServer: string) => string;
};

/**
 * Creates the route and the module it takes its handlers from. Routes that have kitcn's handlers already, from
 * wherever in the app, are left alone.
 *
 * @throws CodegenError `ROUTE_TAKEN`, `AUTH_SERVER_TAKEN`
 */
export async function planRoute(kit: Kit, plan: RoutePlan): Promise<void> {
  const { draft, shell, specifier, newModule } = kit;
  const base = join(shell.base, "lib/auth-server");
  const server = findModule(base, draft) ?? newModule(`${base}.ts`);
  for (const path of plan.taken) {
    const current = draft.read(path) ?? "";
    const module = parseModule(current, path);
    if (!isWired(kit, module, plan)) throw routeTaken(kit, { module, server, plan });
    draft.set(path, current);
  }
  if (plan.taken.length > 0) return;
  await planServer(kit, { path: server, text: plan.server, origin: plan.origin });
  await draft.create(plan.route, plan.print(specifier(plan.route, server)));
}

// --- internal ---

function isWired({ readModule }: Kit, module: Module, { origin, exports }: RouteForm): boolean {
  return exports.some((names) =>
    names.every((name) => isMadeWith({ module, name }, origin, readModule)),
  );
}

/** Creates the module, or leaves the app's own alone. */
async function planServer(
  { draft, readModule }: Kit,
  { path, text, origin }: { path: string; text: string; origin: Origin },
): Promise<void> {
  const current = draft.read(path);
  if (current === undefined) return draft.create(path, text);
  const module = parseModule(current, path);
  const name = "handlers";
  if (isMadeWith({ module, name }, origin, readModule)) return draft.set(path, current);
  throw manualEdit({
    code: "AUTH_SERVER_TAKEN",
    at: locationOf(module, listExports(module, name)[0]?.statement),
    reason: `kitcn would create this file, and it is there already, without \`handlers\` of ${origin.name}().`,
    lines: ["// rename the file, or add", ...text.trimEnd().split("\n")],
  });
}

function routeTaken(
  { project, draft, specifier }: Kit,
  { module, server, plan }: { module: Module; server: string; plan: RoutePlan },
) {
  const isMissing = draft.read(server) === undefined;
  const name = shortPath(project, server);
  return manualEdit({
    code: "ROUTE_TAKEN",
    at: locationOf(module),
    reason: "this route answers below /api/auth already.",
    lines: [
      ...(isMissing ? [`// ${name}`, ...plan.server.trimEnd().split("\n"), ""] : []),
      `// ${shortPath(project, module.path)}, in its place`,
      ...plan.print(specifier(module.path, server)).trimEnd().split("\n"),
    ],
  });
}
