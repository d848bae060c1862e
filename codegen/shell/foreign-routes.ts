// Finds the routes of a front end below /api/auth whose handlers are not kitcn's. Reads only.
import { join } from "node:path";
import type { Workspace } from "../workspace/stage.js";
import type { Shell } from "./detect.js";
import { routesBelowAuth } from "./next-paths.js";
import { hasHandlers, NEXT_ROUTE, START_ROUTE } from "./server.js";
import { startRoutesBelowAuth } from "./start.js";

/** Paths of the modules, in the order of their names. */
export function foreignRoutes(ws: Workspace, shell: Shell): string[] {
  if (shell.kind !== "next" && shell.kind !== "start") return [];
  const form = shell.kind === "next" ? NEXT_ROUTE : START_ROUTE;
  const paths =
    shell.kind === "next"
      ? routesBelowAuth(ws, { appDir: shell.appDir, pagesDir: join(shell.base, "pages") })
      : startRoutesBelowAuth(ws, shell.routesDir);
  return paths.filter((path) => {
    const module = ws.module(path);
    return module !== undefined && !hasHandlers(ws, module, form);
  });
}
