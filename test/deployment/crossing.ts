// What may cross from a caller to a function and back: arguments and results, measured and checked against the
// validators. Must not know transactions or threads.
import { getConvexSize, type JSONValue, type Value } from "convex/values";
import { SYSTEM_TABLES, type Database } from "./database.js";
import { FunctionError } from "./function-error.js";
import { mismatch, type ValidatorJson } from "./validators.js";
import { bytesText, valueOf, VALUE_LIMITS } from "./values.js";

/** A function as messages name it: `items.js:list`. */
export type Callee = { readonly path: string; readonly database: Database };

/** Throws, in Convex's words, for arguments that cannot be passed. */
export function assertArguments(
  args: JSONValue,
  { path, database, validator }: Callee & { validator: string | null },
): void {
  const value = within(args, (why) => `Invalid arguments for ${path}: ${why}`);
  // Arguments are passed as an array of one.
  const size = getConvexSize(value) + 2;
  if (size > VALUE_LIMITS.crossingBytes)
    throw refusal(
      `Arguments for ${path} are too large (actual: ${bytesText(size)}, limit: ${bytesText(VALUE_LIMITS.crossingBytes)})`,
    );
  const why = mismatchOf(validator, value, database);
  if (why) throw refusal(`ArgumentValidationError: ${why}`);
}

/** Throws, in Convex's words, for a result that cannot be passed. */
export function assertResult(
  result: JSONValue,
  { path, database, validator }: Callee & { validator: string | null },
): void {
  const value = within(result, (why) => `Function ${path} return value invalid: ${why}`);
  const size = getConvexSize(value);
  if (size > VALUE_LIMITS.crossingBytes)
    throw refusal(
      `Function ${path} return value is too large (actual: ${bytesText(size)}, limit: ${bytesText(VALUE_LIMITS.crossingBytes)})`,
    );
  const why = mismatchOf(validator === "null" ? null : validator, value, database);
  if (why) throw refusal(`ReturnsValidationError: ${why}`);
}

// --- internal ---

const refusal = (message: string) => new FunctionError(message, undefined);

function within(json: JSONValue, message: (why: string) => string): Value {
  try {
    return valueOf(json);
  } catch (error) {
    throw refusal(message((error as Error).message)); // valueOf throws nothing else
  }
}

function mismatchOf(
  validator: string | null,
  value: Value,
  database: Database,
): string | undefined {
  if (!validator) return undefined;
  const names = () => [...database.tables.keys(), ...SYSTEM_TABLES];
  return mismatch(JSON.parse(validator) as ValidatorJson, value, {
    component: database.path,
    names,
  });
}
