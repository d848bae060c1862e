// Stand-ins for what exists only inside Convex: reading is fine, insisting on a value is a named error.
// Must not import Convex or Better Auth.
import { insistedOnValue } from "../errors/load.js";

/**
 * A value whose properties and results are inert as well. Awaiting, iterating or printing it throws.
 *
 * @param path how auth.ts spells it, for the message: "ctx", "internal.emails.reset"
 * @throws CodegenError `INSISTED_ON_VALUE`, from the code that insists
 */
export function inert(path: string, root: "object" | "function" = "function"): unknown {
  const target: object = root === "function" ? function inertFunction() {} : {};
  return new Proxy(target, {
    get(_, key) {
      // convex/server reads a reference's path through this symbol.
      if (key === Symbol.for("functionName")) return functionPath(path);
      if (key === "then" || key === "toJSON" || INSISTING.has(key))
        throw insistedOnValue({ name: path });
      if (typeof key === "symbol") return undefined;
      return inert(`${path}.${key}`);
    },
    apply: () => inert(`${path}()`),
    construct: () => inert(`new ${path}()`, "object") as object, // inert() makes a Proxy of an object here
    has: () => true,
    set: () => true,
  });
}

/**
 * A module whose every export is inert, save the given ones.
 *
 * @example
 * inertModule("_generated/api", { defineAuth: (definition) => definition });
 */
export function inertModule(
  known: Readonly<Record<string, unknown>>,
  make: (name: string) => unknown = (name) => inert(name),
): object {
  const cache = new Map<string, unknown>();
  return new Proxy(
    {},
    {
      get(_, key) {
        if (key === "__esModule") return true;
        // A module is awaited by its importer.
        if (typeof key === "symbol" || key === "then") return undefined;
        if (Object.hasOwn(known, key)) return known[key];
        if (!cache.has(key)) cache.set(key, make(key));
        return cache.get(key);
      },
      has: () => true,
    },
  );
}

// --- internal ---

const INSISTING: ReadonlySet<string | symbol> = new Set([
  Symbol.toPrimitive,
  Symbol.iterator,
  Symbol.asyncIterator,
]);

function functionPath(path: string): string {
  const [, ...rest] = path.split(".");
  const name = rest.pop() ?? "default";
  return rest.length === 0 ? name : `${rest.join("/")}:${name}`;
}
