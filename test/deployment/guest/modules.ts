// The modules of one run: each is evaluated at most once in it. Resolves specifiers, and answers or refuses import().
// Must not know where sources come from.
import { host, isDeterministic } from "./host.js";

type Module = { exports: Record<string, unknown> };

const made = new Map<string, Module>();

/** The exports of a module, which is evaluated when it was not yet. */
export function load(path: string): Record<string, unknown> {
  const known = made.get(path);
  if (known) return known.exports;
  const wrapper = host.compile(path);
  if (!wrapper)
    throw new Error(
      `Couldn't find JavaScript module '${path}'. Did you forget to run \`npx convex dev\`?`,
    );
  const module: Module = { exports: {} };
  made.set(path, module);
  let isEvaluated = false;
  // Imports run while their module is evaluated; import() only afterwards, in a microtask.
  const require = (specifier: string): unknown =>
    isEvaluated ? importLater(path, specifier) : importNow(path, specifier);
  try {
    wrapper.call(undefined, require, module);
  } catch (error) {
    made.delete(path);
    throw error;
  }
  isEvaluated = true;
  return module.exports;
}

// --- internal ---

function importNow(from: string, specifier: string): unknown {
  const virtual = host.virtual(specifier);
  if (virtual !== undefined) {
    const exports = { default: JSON.parse(virtual) as unknown };
    return Object.defineProperty(exports, "__esModule", { value: true });
  }
  return load(resolve(from, specifier));
}

function importLater(from: string, specifier: string): unknown {
  if (isDeterministic()) throw new TypeError("dynamic module import unsupported");
  return load(resolve(from, String(specifier)));
}

function resolve(from: string, specifier: string): string {
  if (/^[a-z]+:/i.test(specifier))
    throw new Error(`Unsupported scheme (${specifier.split(":")[0]}) in ${specifier}`);
  if (!/^(\/|\.\.?\/)/.test(specifier))
    throw new Error(
      `Relative import path "${specifier}" not prefixed with / or ./ or ../, in ${from}`,
    );
  const parts = specifier.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
