// `kitcn/server`: procedures, HTTP routers and environment variables for app code.
export { zid } from "convex-helpers/server/zod4";
export { initCRPC, type CRPC, type CRPCBuilders, type CRPCInit } from "./crpc.js";
export { createEnv, type EnvOf, type EnvOptions, type EnvShape } from "./env.js";
export {
  CRPC_ERROR_STATUS,
  CRPCError,
  crpcErrorCode,
  errorResponse,
  isCRPCError,
  toClientError,
  type CRPCErrorCode,
  type CRPCErrorData,
  type CRPCErrorOptions,
  type CRPCIssue,
} from "./error.js";
export type { FunctionBuilder, FunctionKind, Procedure } from "./functions.js";
export {
  createHttpRouter,
  HttpRouterWithHono,
  type HonoApp,
  type HonoContext,
  type HonoEnv,
  type RouterRecord,
} from "./http-router.js";
export type { HttpMethod, HttpRoute, RouteProcedure, RouteStart } from "./http-route.js";
export type { Middleware, MiddlewareResult, Next } from "./procedure.js";
