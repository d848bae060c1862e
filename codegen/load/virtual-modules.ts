// The modules that need not exist yet when auth.ts is loaded: generated/* and _generated/*.
// Decides by specifier only; never reads them from disk, so a stale one cannot break a load.
import { resolve, sep } from "node:path";
import { calledWhileLoading } from "../errors/load.js";
import { inert, inertModule } from "./inert.js";

/**
 * The stand-in for an import, or undefined when it is none of Convex's or kitcn's generated modules.
 *
 * @param input.targets absolute paths that the specifier names, through the importer's folder or an alias
 * @param input.functionsDir absolute
 */
export function virtualModule(
  specifier: string,
  { targets, functionsDir }: { readonly targets: readonly string[]; readonly functionsDir: string },
): object | undefined {
  if (specifier.startsWith("kitcn/")) return undefined;
  for (const name of [specifier, ...targets]) {
    const convexModule = /(?:^|[/@#~])_generated\/(api|server|dataModel)(?:\.[cm]?[jt]s)?$/.exec(
      name,
    );
    if (convexModule) return convexStandIn(convexModule[1] ?? "");
  }
  const generated = `${resolve(functionsDir, "generated")}${sep}`;
  if (targets.some((target) => target.startsWith(generated))) return generatedStandIn();
  // An alias that no tsconfig explains (a bundler's): only the names that kitcn writes.
  return /^[@#~].*generated\/(?:auth|auth\.tables|routes|server|store)(?:\.[cm]?[jt]s)?$/.test(
    specifier,
  )
    ? generatedStandIn()
    : undefined;
}

// --- internal ---

function convexStandIn(name: string): object {
  if (name !== "server") return inertModule({});
  return inertModule({ env: process.env });
}

function generatedStandIn(): object {
  return inertModule({ defineAuth: <T>(definition: T) => definition }, (name) => {
    const refuse = (): never => {
      throw calledWhileLoading({ name });
    };
    return Object.assign(refuse, { inert: inert(name) });
  });
}
