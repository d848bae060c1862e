// What kitcn says about files of the functions directory that it cannot edit; each error has the lines to write.
// Only sentences: each function takes names and texts, and decides nothing.
import type { CodegenError } from "../errors.js";
import { manualEdit, type ByHand } from "./by-hand.js";

export const authFileTaken = ({ at, lines, name }: ByHand & { name: string }): CodegenError =>
  manualEdit({
    code: "AUTH_FILE_TAKEN",
    at,
    lines,
    reason: `kitcn's auth.ts belongs in this file, and \`${name}\` is something else here.`,
  });

export const pluginsNotListForSite = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "AUTH_UNKNOWN_FORM",
    at,
    lines,
    reason:
      "kitcn cannot add crossDomain() to the plugins: they are not written as a list. Your app needs it, because it runs on another site than its auth routes.",
  });

export const optionsNotListsForExpo = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "AUTH_UNKNOWN_FORM",
    at,
    lines,
    reason:
      "kitcn cannot add the plugins and the origin of an Expo app: they are not written as lists.",
  });

export const authSchemaTaken = ({ at, lines, name }: ByHand & { name: string }): CodegenError =>
  manualEdit({
    code: "AUTH_SCHEMA_TAKEN",
    at,
    lines,
    reason: `kitcn would create this file, but it exists already and has no object \`${name}\`.`,
  });

export const componentRenamed = ({
  at,
  lines,
  name,
  wanted,
}: ByHand & { name: string; wanted: string }): CodegenError =>
  manualEdit({
    code: "COMPONENT_RENAMED",
    at,
    lines,
    reason: `kitcn's component is mounted as "${name}", and the runtime looks for "${wanted}".`,
  });

export const componentNameTaken = ({ at, lines, name }: ByHand & { name: string }): CodegenError =>
  manualEdit({
    code: "COMPONENT_NAME_TAKEN",
    at,
    lines,
    reason: `another component is mounted as "${name}", the name that kitcn's component needs.`,
  });

export const mailComponentNameTaken = ({
  at,
  lines,
  name,
  code,
}: ByHand & { name: string; code: string }): CodegenError =>
  manualEdit({
    code: "COMPONENT_NAME_TAKEN",
    at,
    lines,
    reason: `another component is mounted as "${name}": ${code}.`,
  });

export const convexAppElsewhere = ({
  at,
  lines,
  source,
}: ByHand & { source: string }): CodegenError =>
  manualEdit({
    code: "CONVEX_CONFIG_UNKNOWN_FORM",
    at,
    lines,
    reason: `its app comes from "${source}".`,
  });

export const noConvexApp = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "CONVEX_CONFIG_UNKNOWN_FORM",
    at,
    lines,
    reason: "it has no default export.",
  });

export const convexAppNotDefined = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "CONVEX_CONFIG_UNKNOWN_FORM",
    at,
    lines,
    reason: "the default export is not made by defineApp() in this file.",
  });

export const libraryRoutes = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "HTTP_AUTH_TAKEN",
    at,
    lines,
    reason: "another library registers its auth routes here.",
  });

export const ownRoutes = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "HTTP_AUTH_TAKEN",
    at,
    lines,
    reason: "this route already answers below /api/auth.",
  });

export const routerElsewhere = ({ at, lines, source }: ByHand & { source: string }): CodegenError =>
  manualEdit({
    code: "HTTP_UNKNOWN_FORM",
    at,
    lines,
    reason: `its router comes from "${source}".`,
  });

export const noRouter = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "HTTP_UNKNOWN_FORM",
    at,
    lines,
    reason: "it has no default export, so there is no router to add the auth routes to.",
  });

export const routerNotMade = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "HTTP_UNKNOWN_FORM",
    at,
    lines,
    reason: "the default export is not made by httpRouter() in this file.",
  });

export const honoRouter = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "HTTP_HONO",
    at,
    lines,
    reason: "this is a Hono router, whose order of middleware is yours to choose.",
  });
