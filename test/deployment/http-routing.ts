// Which component's http.ts a request is for: the app's, below its httpPrefix, or one that is mounted.
// Must not run anything: the http.ts that is found looks the route up again.
import type { Analysis, Definition, Instance } from "./components.js";
import { BadRequest } from "./environment.js";

export type Routed = {
  readonly instance: Instance;
  /** As the routes of its http.ts have it, without what it is mounted at. */
  readonly path: string;
};

type Route = { readonly path: string; readonly method: string };

/** Undefined where nothing could answer: neither an http.ts nor a mount. */
export function routeOf(
  root: Instance,
  request: { method: string; path: string },
): Routed | undefined {
  const method = request.method === "HEAD" ? "GET" : request.method;
  let instance = root;
  let { path } = request;
  for (;;) {
    const { exported, analysis } = instance.definition;
    const routes = routesIn(analysis).filter((route) => route.method === method);
    const own = analysis["http.js"] && ownPath(path, exported.httpPrefix);
    if (own !== undefined && routes.some((route) => route.path === own))
      return { instance, path: own };
    const prefixes = routes.flatMap((route) =>
      route.path.endsWith("*") ? [route.path.slice(0, -1) || "/"] : [],
    );
    const longest = longestOf(prefixes, own);
    const mounts = Object.keys(exported.httpMounts);
    const mount = longestOf(mounts, path);
    const child = mount && instance.children.get(childOf(exported.httpMounts[mount] ?? ""));
    // Compared by what is left of the path. Convex counts the slash before it for routes of http.ts alone.
    const isLonger =
      longest === undefined ||
      path.length - (mount?.length ?? 0) <= (own?.length ?? 0) - longest.length + 1;
    if (mount && child && isLonger) {
      instance = child;
      path = `/${path.slice(mount.length)}`;
      continue;
    }
    return own === undefined ? undefined : { instance, path: own };
  }
}

/** Throws for a component that is mounted and answers nothing, and for one that is mounted over routes of its parent's. */
export function assertMounts(definitions: ReadonlyMap<string, Definition>): void {
  for (const { exported, analysis } of definitions.values())
    for (const [mount, reference] of Object.entries(exported.httpMounts)) {
      const name = childOf(reference);
      const child = exported.childComponents.find((one) => one.name === name);
      const { analysis: inside, exported: own } = definitions.get(child?.path ?? "")!; // evaluated before its parent
      if (routesIn(inside).length + Object.keys(own.httpMounts).length === 0)
        throw new BadRequest(
          "TypecheckError",
          `HTTP mount "${mount}" is invalid: Child component "${name}" doesn't have any HTTP routes.`,
        );
      const over = routesIn(analysis).find(({ path }) => path === `${mount}*`);
      if (over)
        throw new BadRequest(
          "TypecheckError",
          `HTTP mount "${mount}" is invalid: Overlap with existing prefix route`,
        );
    }
}

// --- internal ---

function routesIn(analysis: Analysis): Route[] {
  const listed = (analysis["http.js"]?.httpRoutes ?? []) as { route: Route }[]; // by evaluate.ts
  return listed.map(({ route }) => route);
}

/** What http.ts sees of a path; undefined where it is not below the prefix, which ends with a slash. */
function ownPath(path: string, prefix: string | undefined): string | undefined {
  if (prefix === undefined) return path;
  return path.startsWith(prefix) ? `/${path.slice(prefix.length)}` : undefined;
}

function longestOf(prefixes: readonly string[], path: string | undefined): string | undefined {
  return prefixes
    .filter((prefix) => path?.startsWith(prefix))
    .toSorted((one, other) => other.length - one.length)[0];
}

/** "_reference/childComponent/name" */
function childOf(reference: string): string {
  return reference.split("/")[2] ?? "";
}
