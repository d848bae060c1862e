// Typed environment variables that are checked when they are asked for, and readable in auth.config.ts.
// Must not ask process.env what it holds (`in`, keys): in auth.config.ts Convex answers "nothing" to that.
import type { z } from "zod";
import { invalidEnv, missingAndInvalidEnv, missingEnv } from "../errors/env.js";
import type { KitcnError } from "../errors/error.js";

export type EnvShape = Record<string, z.ZodType>;

export type EnvOf<Shape extends EnvShape> = { [Name in keyof Shape]: z.output<Shape[Name]> };

export type EnvOptions<Shape extends EnvShape> = {
  /** One zod schema a variable; values are strings, so numbers take `z.coerce.number()`. */
  server: Shape;
  /** Where values come from. Default: `process.env`. */
  runtimeEnv?: Readonly<Record<string, string | undefined>>;
};

/**
 * Declares the app's environment variables. The returned `getEnv` reads and checks them at each call, since
 * Convex changes variables without a redeploy. An empty value counts as unset.
 *
 * A value that does not fit its schema is refused by the call. A missing one is refused when it is read, so that a
 * module which reads another variable loads: the first deployment comes before its variables.
 *
 * Two places never see the "missing" error: auth.config.ts as Convex reads it, where a missing variable is
 * undefined, and codegen, where it has a harmless value that fits its schema.
 *
 * @throws KitcnError `INVALID_ENV` from `getEnv` for invalid variables, from the property for missing ones: all of
 *   them by name
 * @example
 * // convex/env.ts
 * import { createEnv } from "kitcn/server";
 * import { z } from "zod";
 *
 * export const getEnv = createEnv({
 *   server: { SITE_URL: z.url(), JWKS: z.string().optional() },
 * });
 *
 * export const siteHost = () => new URL(getEnv().SITE_URL).host;
 */
export function createEnv<const Shape extends EnvShape>({
  server,
  runtimeEnv,
}: EnvOptions<Shape>): () => EnvOf<Shape> {
  return () => {
    const env: Record<string, unknown> = {};
    const missing: string[] = [];
    const invalid: string[] = [];
    for (const [name, schema] of Object.entries(server)) {
      const read = readVariable(name, runtimeEnv);
      const parsed = schema.safeParse(read.value);
      if (parsed.success) env[name] = parsed.data;
      else if (isCodegen()) env[name] = placeholderFor(schema);
      else if (read.value !== undefined)
        invalid.push(`${name} (${parsed.error.issues.map((issue) => issue.message).join("; ")})`);
      else if (!read.refused) missing.push(name);
    }
    if (invalid.length > 0) throw refusedEnv(missing, invalid);
    for (const name of missing)
      Object.defineProperty(env, name, {
        enumerable: true,
        get: () => {
          throw refusedEnv(missing, invalid);
        },
      });
    return env as EnvOf<Shape>; // each name was parsed by its own schema above, or throws
  };
}

// --- internal ---

type Read = { value: string | undefined; refused: boolean };

/** Reading an unset variable throws in auth.config.ts, and nowhere else. */
function readVariable(name: string, source: EnvOptions<EnvShape>["runtimeEnv"]): Read {
  try {
    return { value: (source ?? process.env)[name] || undefined, refused: false };
  } catch {
    return { value: undefined, refused: true };
  }
}

/** Set by kitcn's loader while it reads auth.ts. */
function isCodegen(): boolean {
  return readVariable("KITCN_CODEGEN", undefined).value === "1";
}

/** Values that between them fit the usual schemas: URL, long secret, e-mail, host, number, switch, JSON. */
const PLACEHOLDERS = [
  "http://localhost:3000",
  "placeholder-while-kitcn-reads-your-auth-options",
  "placeholder@example.com",
  "localhost",
  "1",
  "true",
  "{}",
  "[]",
];

function placeholderFor(schema: z.ZodType): unknown {
  const own = "options" in schema && Array.isArray(schema.options) ? schema.options : [];
  for (const candidate of [...PLACEHOLDERS, ...own]) {
    const parsed = schema.safeParse(candidate);
    if (parsed.success) return parsed.data;
  }
  return undefined;
}

function refusedEnv(missing: readonly string[], invalid: readonly string[]): KitcnError {
  if (invalid.length === 0) return missingEnv({ missing });
  return missing.length === 0
    ? invalidEnv({ invalid })
    : missingAndInvalidEnv({ missing, invalid });
}
