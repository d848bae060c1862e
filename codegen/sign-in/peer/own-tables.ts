// Tables of an app's own that have the names of Better Auth's: in an app of `@convex-dev/better-auth`, whose users are in the
// component, they hold something else, and kitcn would write users into them. By syntax; reads.
import { basename } from "node:path";
import type { ObjectExpression } from "@babel/types";
import { findProperty, keyOf, textOf, unwrap, walk, type Module } from "../../edit/index.js";
import { LOCK_FILE } from "../../lock/lock.js";
import { readModule } from "../../modules/readable.js";
import { findFunctionsModule, listFiles } from "../../workspace/find.js";
import type { Workspace } from "../../workspace/stage.js";
import { PEER } from "../common/libraries.js";
import { findOptionsHome } from "./options-home.js";
import type { Found } from "../common/types.js";

/** The tables of schema.ts. An app with a lock file has tables of kitcn already, and knows whose each is. */
export function findOwnTables(ws: Workspace): Found[] {
  const { functionsDir } = ws.project;
  if (listFiles(ws, functionsDir).some((path) => basename(path) === LOCK_FILE)) return [];
  const schema = moduleOf(ws, findFunctionsModule(ws, "schema"));
  const auth = moduleOf(ws, findOptionsHome(ws));
  if (!schema || !auth) return [];
  const names = tablesOf(auth);
  const found: Found[] = [];
  walk(schema.program, (node) => {
    const name = node.type === "ObjectProperty" ? keyOf(node) : undefined;
    const model = name === undefined ? undefined : names.get(name);
    if (node.type !== "ObjectProperty" || model === undefined) return;
    if (!/^defineTable\b/.test(textOf(schema, unwrap(node.value)))) return;
    const shared = { library: PEER, part: "tables", module: schema, node } as const;
    found.push({ ...shared, name: `table ${model}`, isInTheWay: true });
  });
  return found;
}

// --- internal ---

const CORE = ["user", "session", "account"];

/** Those of plugins, by what auth.ts calls. */
const OF_PLUGINS: Readonly<Record<string, readonly string[]>> = {
  organization: ["organization", "member", "invitation", "team", "teamMember"],
  twoFactor: ["twoFactor"],
  passkey: ["passkey"],
  apiKey: ["apikey"],
};

function moduleOf(ws: Workspace, path: string | undefined): Module | undefined {
  return path === undefined ? undefined : readModule(ws, path);
}

/** Better Auth's models by the names that their tables get, by the options of auth.ts. */
function tablesOf(auth: Module): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  const plugins: string[] = [];
  walk(auth.program, (node) => {
    if (node.type === "CallExpression")
      plugins.push(...(OF_PLUGINS[textOf(auth, node.callee)] ?? []));
    if (node.type !== "ObjectProperty") return;
    const value = unwrap(node.value);
    const name = value.type === "ObjectExpression" ? modelNameIn(value) : undefined;
    const key = keyOf(node);
    if (key !== undefined && name !== undefined) renamed.set(key, name);
  });
  return new Map([...CORE, ...plugins].map((model) => [renamed.get(model) ?? model, model]));
}

function modelNameIn(object: ObjectExpression): string | undefined {
  const member = findProperty(object, "modelName");
  if (member?.type !== "ObjectProperty") return undefined;
  const value = unwrap(member.value);
  return value.type === "StringLiteral" ? value.value : undefined;
}
