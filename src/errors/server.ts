// What procedures and the router of kitcn/server refuse.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const duplicateRoute = errorOf(
  "DUPLICATE_ROUTE",
  'The router has "<route>" twice, the second time as <name>.',
  "Give one of them another path or method.",
);

export const notARoute = errorOf(
  "NOT_A_ROUTE",
  '"<name>" in the router of http.ts is not an HTTP route.',
  "Convex serves queries, mutations and actions itself; give the router routes, as publicRoute.get(path).action(...).",
);

export const middlewareWithoutResult = errorOf(
  "MIDDLEWARE_WITHOUT_RESULT",
  "A middleware returned without the result of next().",
  "End it with `return next({ ctx: { ... } })`, or throw a CRPCError.",
);

export const missingBuilder = errorOf(
  "MISSING_BUILDER",
  'A procedure needs the builder "<builder>", which initCRPC.create() was not given.',
  "Pass it: initCRPC.create({ ..., <builder> }).",
);
