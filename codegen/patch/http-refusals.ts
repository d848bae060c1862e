// What is told where auth routes cannot be put into an http.ts: where, why, and the lines to write.
// Must not decide when: http.ts here does.
import type { Node } from "@babel/types";
import { locationOf, type Module } from "../edit/index.js";
import { HTTP_SOURCE, type ForeignRoutes } from "./auth-routes.js";
import { manualEdit } from "./types.js";

/** Two handlers for one path fail the push: better told here. */
export function taken({ at, isLibrary }: ForeignRoutes, extension: string) {
  return manualEdit({
    code: "HTTP_AUTH_TAKEN",
    at,
    reason: `${isLibrary ? "another library registers its auth routes here" : "this route already answers below /api/auth"}.`,
    lines: ["// in its place", ...exactLines(extension)],
  });
}

export function unknownForm(
  module: Module,
  { at, reason, extension }: { at: string; reason: string; extension: string },
) {
  return manualEdit({
    code: "HTTP_UNKNOWN_FORM",
    at,
    reason,
    lines: ["// where the router is made", ...exactLines(extension)],
  });
}

export function hono(module: Module, made: Node, extension: string) {
  const argument =
    made.type === "NewExpression" || made.type === "CallExpression" ? made.arguments[0] : undefined;
  const app = argument?.type === "Identifier" ? argument.name : "app";
  return manualEdit({
    code: "HTTP_HONO",
    at: locationOf(module, made),
    reason: "this is a Hono router, whose order of middleware is yours to choose.",
    lines: [
      `import { authMiddleware } from "${HTTP_SOURCE}";`,
      `import { authRoutes } from "./generated/routes${extension}";`,
      "",
      `${app}.use(authMiddleware(authRoutes));`,
    ],
  });
}

// --- internal ---

function exactLines(extension: string): string[] {
  return [
    `import { registerRoutes } from "${HTTP_SOURCE}";`,
    `import { authRoutes } from "./generated/routes${extension}";`,
    "",
    "registerRoutes(http, authRoutes);",
  ];
}
