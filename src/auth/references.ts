// References to internal functions by path, for code that must not import an app's generated api.
import {
  makeFunctionReference,
  type DefaultFunctionArgs,
  type FunctionReference,
} from "convex/server";

/** Where the store's functions are, below the functions directory; no caller has to load Better Auth for them. */
export const STORE_MODULE = "generated/store";

/** Where those that need auth.ts are. */
export const AUTH_MODULE = "generated/auth";

/**
 * The internal function at `module:name`, below the functions directory.
 *
 * @example
 * const read = internalReference<"query">("generated/store:authRead");
 */
export function internalReference<
  Type extends "query" | "mutation" | "action",
  Args extends DefaultFunctionArgs = DefaultFunctionArgs,
  Result = unknown,
>(path: `${string}:${string}`): FunctionReference<Type, "internal", Args, Result> {
  // makeFunctionReference types every reference as public; visibility is the deployment's to check.
  return makeFunctionReference<Type>(path) as unknown as FunctionReference<
    Type,
    "internal",
    Args,
    Result
  >;
}
