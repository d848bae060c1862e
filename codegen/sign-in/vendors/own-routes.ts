// The routes of a Next app below /api/auth that kitcn's handlers do not answer, as regular expressions: a middleware
// that lets everybody sign in must not open these. Looks only at names of files.
import { join, relative, sep } from "node:path";
import { listFiles } from "../../workspace/find.js";
import type { Workspace } from "../../workspace/stage.js";

/**
 * One literal for each of the app's own routes, without the route of one dynamic segment, which kitcn's is.
 *
 * @param base the folder that contains `app` or `pages`
 */
export function ownRoutesBelowAuth(ws: Workspace, base: string): string[] {
  const inApp = pathsIn(ws, join(base, "app")).flatMap((path) => {
    const name = path.pop() ?? "";
    return APP_ROUTE.test(name) ? [path.filter((one) => !NO_SEGMENT.test(one))] : [];
  });
  const inPages = pathsIn(ws, join(base, "pages")).flatMap((path) => {
    const name = path.pop() ?? "";
    if (!MODULE.test(name)) return [];
    const segment = name.replace(MODULE, "");
    return [segment === "index" ? path : [...path, segment]];
  });
  const literals = [...inApp, ...inPages].flatMap(([api, auth, ...rest]) => {
    const isKitcns = rest.length === 1 && rest[0]?.startsWith("[");
    return api === "api" && auth === "auth" && rest.length > 0 && !isKitcns ? [print(rest)] : [];
  });
  return [...new Set(literals)];
}

// --- internal ---

const MODULE = /\.[jt]sx?$/;
const APP_ROUTE = /^(route|page)\.[jt]sx?$/;

/** Groups and slots are not part of a path. */
const NO_SEGMENT = /^(\(.*\)|@.*)$/;

/** Files of a router as lists of names. Folders with an underscore have no routes. */
function pathsIn(ws: Workspace, folder: string): string[][] {
  const files = listFiles(ws, folder, ({ name }) => /^[._]/.test(name) || name === "node_modules");
  return files.map((path) => relative(folder, path).split(sep));
}

function print(segments: readonly string[]): string {
  const parts = segments.map((one) => {
    if (one.startsWith("[[...")) return "(?:\\/.+)?";
    if (one.startsWith("[...")) return "\\/.+";
    if (one.startsWith("[")) return "\\/[^/]+";
    return `\\/${one.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}`;
  });
  return `/^\\/api\\/auth${parts.join("")}\\/?$/i`;
}
