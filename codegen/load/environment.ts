// The environment variables auth.ts sees while it is loaded: the shell's, convex/.env's, .env.local's, and
// placeholders. Puts process.env back afterwards.
import type { Node } from "@babel/types";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { walk, type Module } from "../edit/index.js";
import type { Workspace } from "../workspace/stage.js";

/** Set while auth.ts is loaded, so that kitcn's own helpers tolerate missing variables. */
export const CODEGEN_FLAG = "KITCN_CODEGEN";

export type LoadEnvironment = {
  /** Gives placeholders to the variables this module reads and nobody set. */
  readonly admit: (module: Module) => void;
  /** Replaces secrets of .env files in a text. */
  readonly redact: (text: string) => string;
  /** Makes process.env what it was. */
  readonly restore: () => void;
};

/** Opens the environment for one load. The shell wins over convex/.env, which wins over .env.local. */
export function openEnvironment(ws: Workspace): LoadEnvironment {
  const snapshot = { ...process.env };
  const fromFiles = readEnvFiles(ws);
  for (const [name, value] of Object.entries(fromFiles)) process.env[name] ??= value;
  process.env[CODEGEN_FLAG] = "1";
  const optional = new Set<string>();
  return {
    admit(module) {
      for (const read of envReads(module)) if (read.optional) optional.add(read.name);
      for (const { name } of envReads(module)) {
        const value = optional.has(name) ? undefined : placeholderFor(name);
        if (value !== undefined) process.env[name] ??= value;
      }
    },
    redact: (text) => redact(text, fromFiles),
    restore() {
      for (const name of Object.keys(process.env))
        if (!(name in snapshot)) delete process.env[name];
      Object.assign(process.env, snapshot);
    },
  };
}

/**
 * A harmless value for a variable that is required by the look of its name, so that clients which insist on
 * a key or a URL can be constructed. Undefined for switches, and for JWKS, which means "not static yet".
 */
export function placeholderFor(name: string): string | undefined {
  if (/^(NODE_ENV|CI|JWKS|DEBUG|TZ|HOME|PATH|PWD)$/.test(name) || /^npm_/.test(name))
    return undefined;
  if (/(^|_)(URL|URI|ORIGIN|ENDPOINT|SITE)$/.test(name)) return "http://localhost:3000";
  if (/(^|_)(DOMAIN|HOST)$/.test(name)) return "localhost";
  if (/(^|_)(EMAIL|FROM)$/.test(name)) return "placeholder@example.com";
  if (/(^|_)(SECRET|KEY|TOKEN|ID|PASSWORD|DSN|SALT|PEPPER)$/.test(name)) return PLACEHOLDER;
  return undefined;
}

// --- internal ---

const PLACEHOLDER = "placeholder-while-kitcn-reads-your-auth-options";

function readEnvFiles({ project, onDisk }: Workspace): Record<string, string> {
  const files = [
    join(project.functionsDir, ".env"),
    join(project.root, "convex", ".env"),
    join(project.root, ".env.local"),
  ];
  const values: Record<string, string> = {};
  for (const file of files)
    for (const [name, value] of Object.entries(parseEnv(onDisk(file) ?? "")))
      if (value !== undefined) values[name] ??= value;
  return values;
}

type EnvRead = { readonly name: string; readonly optional: boolean };

/** Reads of `process.env.X`; optional where the code itself asks whether X is there, and goes on without it. */
function envReads(module: Module): EnvRead[] {
  const reads: EnvRead[] = [];
  const tested = new Set<Node>();
  const demanded = new Set<Node>();
  walk(module.program, (node) => {
    if (node.type === "IfStatement" && throws(node.consequent)) markLacks(node.test, demanded);
    if (node.type === "IfStatement" || node.type === "ConditionalExpression") tested.add(node.test);
    if (node.type === "LogicalExpression") tested.add(node.left);
    if (node.type === "UnaryExpression" || node.type === "BinaryExpression")
      markOperands(node, tested);
    if (node.type === "VariableDeclarator" && node.init && isProcessEnv(node.init)) {
      if (node.id.type !== "ObjectPattern") return;
      for (const property of node.id.properties)
        if (property.type === "ObjectProperty" && property.key.type === "Identifier")
          reads.push({
            name: property.key.name,
            optional: property.value.type === "AssignmentPattern",
          });
    }
    if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return;
    const name = envName(node);
    if (name !== undefined) reads.push({ name, optional: tested.has(node) && !demanded.has(node) });
  });
  return reads;
}

function markOperands(node: Node, tested: Set<Node>): void {
  if (node.type === "UnaryExpression" && (node.operator === "!" || node.operator === "typeof"))
    tested.add(node.argument);
  if (node.type === "BinaryExpression" && /^(===?|!==?|in)$/.test(node.operator)) {
    tested.add(node.left);
    tested.add(node.right);
  }
}

/** True for a branch that only ends the load: `throw`, alone or as the last of a block. */
function throws(branch: Node): boolean {
  if (branch.type === "ThrowStatement") return true;
  const last = branch.type === "BlockStatement" ? branch.body.at(-1) : undefined;
  return last?.type === "ThrowStatement";
}

/** What a test finds missing: `!x`, `x === undefined`, `typeof x === "undefined"`, or one of several of these. */
function markLacks(test: Node, demanded: Set<Node>): void {
  if (test.type === "LogicalExpression") {
    markLacks(test.left, demanded);
    markLacks(test.right, demanded);
  }
  if (test.type === "UnaryExpression" && test.operator === "!") demanded.add(test.argument);
  if (test.type !== "BinaryExpression" || !/^===?$/.test(test.operator)) return;
  const { left, right } = test;
  if (!isNothing(right)) return;
  demanded.add(
    left.type === "UnaryExpression" && left.operator === "typeof" ? left.argument : left,
  );
}

function isNothing(node: Node): boolean {
  if (node.type === "StringLiteral") return node.value === "undefined" || node.value === "";
  return node.type === "NullLiteral" || (node.type === "Identifier" && node.name === "undefined");
}

function envName(node: Node): string | undefined {
  if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression")
    return undefined;
  if (!isProcessEnv(node.object)) return undefined;
  if (!node.computed && node.property.type === "Identifier") return node.property.name;
  return node.property.type === "StringLiteral" ? node.property.value : undefined;
}

/** `process.env`, `import.meta.env`, or the `env` of _generated/server. */
function isProcessEnv(node: Node): boolean {
  if (node.type === "Identifier") return node.name === "env";
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return false;
  if (node.property.name !== "env") return false;
  return (
    (node.object.type === "Identifier" && node.object.name === "process") ||
    node.object.type === "MetaProperty"
  );
}

function redact(text: string, values: Readonly<Record<string, string>>): string {
  let safe = text;
  for (const [name, value] of Object.entries(values))
    if (value.length >= 8 && /SECRET|KEY|TOKEN|PASSWORD|JWKS|DSN/.test(name))
      safe = safe.replaceAll(value, `<${name}>`);
  return safe;
}
