// What is told where auth routes cannot be put into an http.ts: where, why, and the lines to write.
// Must not decide when: http.ts here does.
import type { Node } from "@babel/types";
import { honoRouter, libraryRoutes, ownRoutes } from "../errors/edits-backend.js";
import { locationOf, type Module } from "../edit/index.js";
import { HTTP_SOURCE, type ForeignRoutes } from "./auth-routes.js";

/** Two handlers for one path fail the push: better told here. */
export function taken({ at, isLibrary }: ForeignRoutes, extension: string) {
  const lines = ["// in its place", ...exactLines(extension)];
  return isLibrary ? libraryRoutes({ at, lines }) : ownRoutes({ at, lines });
}

/** Where the router is not what kitcn can add to. */
export function routerLines(extension: string): string[] {
  return ["// where the router is made", ...exactLines(extension)];
}

export function hono(module: Module, made: Node, extension: string) {
  const argument =
    made.type === "NewExpression" || made.type === "CallExpression" ? made.arguments[0] : undefined;
  const app = argument?.type === "Identifier" ? argument.name : "app";
  return honoRouter({
    at: locationOf(module, made),
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
