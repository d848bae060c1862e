// Plans the server's side of a front end that has a server: lib/auth-server.ts, and the route that uses it.
import { routeTaken, serverNotHandlers } from "../errors/edits-front.js";
import { listExports, locationOf, type Module } from "../edit/index.js";
import { shortPath } from "../disk/project.js";
import type { Workspace } from "../workspace/stage.js";
import { authServerOf, readerOf, specifierOf, stageInStyle, type Front } from "./front.js";
import { isMadeWith, type Origin } from "../modules/made-with.js";

/** Where a route's handlers must come from, and which exports must have them. */
export type RouteForm = {
  readonly origin: Origin;
  /** A route needs no edit if every export of one of these lists is made with them. */
  readonly exports: readonly (readonly string[])[];
};

/** The routes of a Next app. */
export const NEXT_ROUTE: RouteForm = {
  origin: { source: "kitcn/auth/nextjs", name: "createNextAuth", member: "handlers" },
  exports: [["GET", "POST"], ["default"]],
};

/** The routes of a TanStack Start app. */
export const START_ROUTE: RouteForm = {
  origin: { source: "kitcn/auth/start", name: "createStartAuth", member: "handlers" },
  exports: [["Route"], ["ServerRoute"]],
};

/** Plans of a route below /api/auth. */
export type RoutePlan = RouteForm & {
  /** Where a new route goes. */
  readonly route: string;
  /** Modules that already answer there. */
  readonly taken: readonly string[];
  /** The text of a new lib/auth-server.ts. */
  readonly server: string;
  /** The text of a new route. */
  readonly print: (authServer: string) => string;
};

/**
 * Creates the route and the module it takes its handlers from. Routes that already have kitcn's handlers, from
 * any module of the app, stay as they are.
 *
 * @throws CodegenError `ROUTE_TAKEN`, `AUTH_SERVER_TAKEN`
 */
export async function planRoute(front: Front, plan: RoutePlan): Promise<void> {
  const { ws } = front;
  const server = authServerOf(front);
  for (const module of plan.taken.flatMap((path) => ws.module(path) ?? [])) {
    if (!hasHandlers(ws, module, plan)) throw routeInUse(front, { module, server, plan });
    ws.stage(module.path, module.text);
  }
  if (plan.taken.length > 0) return;
  await planServer(front, { path: server, text: plan.server, origin: plan.origin });
  await stageInStyle(front, plan.route, plan.print(specifierOf(front, plan.route, server)));
}

/** True for a route that answers with kitcn's handlers, wherever in the app they are made. */
export function hasHandlers(
  ws: Workspace,
  module: Module,
  { origin, exports }: RouteForm,
): boolean {
  const readModule = readerOf(ws);
  return exports.some((names) =>
    names.every((name) => isMadeWith({ module, name }, origin, readModule)),
  );
}

// --- internal ---

/** Creates the module, or keeps the app's own. */
async function planServer(
  front: Front,
  { path, text, origin }: { path: string; text: string; origin: Origin },
): Promise<void> {
  const { ws } = front;
  const module = ws.module(path);
  if (!module) return stageInStyle(front, path, text);
  const name = "handlers";
  if (isMadeWith({ module, name }, origin, readerOf(ws))) return ws.stage(path, module.text);
  throw serverNotHandlers({
    at: locationOf(module, listExports(module, name)[0]?.statement),
    maker: origin.name,
    lines: ["// rename the file, or add", ...text.trimEnd().split("\n")],
  });
}

function routeInUse(
  front: Front,
  { module, server, plan }: { module: Module; server: string; plan: RoutePlan },
) {
  const { ws } = front;
  const name = shortPath(ws.project, server);
  return routeTaken({
    at: locationOf(module),
    lines: [
      ...(ws.has(server) ? [] : [`// ${name}`, ...plan.server.trimEnd().split("\n"), ""]),
      `// replace ${shortPath(ws.project, module.path)} with this`,
      ...plan
        .print(specifierOf(front, module.path, server))
        .trimEnd()
        .split("\n"),
    ],
  });
}
