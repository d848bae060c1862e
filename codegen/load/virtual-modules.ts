// The modules that need not exist yet when auth.ts is loaded: generated/* and _generated/*.
// Decides by specifier only; never reads them from disk, so a stale one cannot break a load.
import { dirname, resolve } from "node:path";
import { CodegenError } from "../errors.js";
import { inert, inertModule } from "./inert.js";

/**
 * The stand-in for an import, or undefined when the specifier is none of Convex's or kitcn's generated modules.
 *
 * @param functionsDir absolute
 */
export function virtualModule(
  specifier: string,
  { importer, functionsDir }: { readonly importer: string; readonly functionsDir: string },
): object | undefined {
  const convexModule = /(?:^|[/@#~])_generated\/(api|server|dataModel)(?:\.[cm]?[jt]s)?$/.exec(
    specifier,
  );
  if (convexModule && !specifier.startsWith("kitcn/")) return convexStandIn(convexModule[1] ?? "");
  return isGenerated(specifier, importer, functionsDir) ? generatedStandIn() : undefined;
}

// --- internal ---

function isGenerated(specifier: string, importer: string, functionsDir: string): boolean {
  const path = specifier.replace(/\.[cm]?[jt]s$/, "");
  if (specifier.startsWith("."))
    return resolve(dirname(importer), path).startsWith(`${resolve(functionsDir, "generated")}/`);
  // Through a path alias of the app: `@/convex/generated/auth`, `~generated/auth`.
  return /(?:^|[/@#~])generated\/(?:auth|auth\.tables|server)$/.test(path);
}

function convexStandIn(name: string): object {
  if (name !== "server") return inertModule({});
  return inertModule({ env: process.env });
}

function generatedStandIn(): object {
  return inertModule({ defineAuth: <T>(definition: T) => definition }, (name) => {
    const refuse = (): never => {
      throw new CodegenError({
        code: "CALLED_WHILE_LOADING",
        message: `\`${name}\` of generated/auth was called while auth.ts was loaded.`,
        hint: "Call it inside a function that runs in Convex, not at the top level of a module.",
      });
    };
    return Object.assign(refuse, { inert: inert(name) });
  });
}
