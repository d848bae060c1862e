// Edits of a SolidStart app's own modules: the option for middleware in vite.config, and the list of middleware.
// Text in, text out; refuses what it does not understand.
import type { ArrayExpression, ObjectExpression } from "@babel/types";
import { middlewareUnknown, noMiddleware } from "../errors/edits-front.js";
import {
  addImport,
  endOf,
  findDefaultExport,
  findProperty,
  finishEdit,
  indentAt,
  insertMembers,
  listImports,
  locationOf,
  openEditor,
  resolveExpression,
  startOf,
  type Module,
} from "../edit/index.js";
import { isCallOf, listCalls } from "./calls.js";
import type { Component } from "./root.js";
import type { Patch } from "./types.js";

/** The options of `solidStart()`, as far as they are written out. */
export type StartOptions = {
  /** Undefined for `solidStart()` without any. */
  readonly object: ObjectExpression | undefined;
  /** False where some may come from elsewhere: a spread, a function. */
  readonly isWhole: boolean;
};

/** What vite.config gives `solidStart()`; undefined where it does not call that. */
export function findStartOptions(module: Module): StartOptions | undefined {
  const call = findCall(module);
  if (!call) return undefined;
  const [given] = call.arguments;
  if (!given) return { object: undefined, isWhole: true };
  const object = resolveExpression(module, given);
  if (object.type !== "ObjectExpression") return { object: undefined, isWhole: false };
  return { object, isWhole: object.properties.every(({ type }) => type !== "SpreadElement") };
}

/** The value of an option: a string or a boolean; "unknown" for anything else; undefined where it is not set. */
export function optionOf(
  module: Module,
  { object, isWhole }: StartOptions,
  name: string,
): { readonly value: string | boolean } | "unknown" | undefined {
  const member = object && findProperty(object, name);
  if (!member) return isWhole ? undefined : "unknown";
  const node = member.type === "ObjectProperty" ? resolveExpression(module, member.value) : member;
  const isPlain = node.type === "StringLiteral" || node.type === "BooleanLiteral";
  return isPlain ? { value: node.value } : "unknown";
}

/**
 * Sets the option `middleware` of a `solidStart()` without that option.
 *
 * @throws CodegenError `HOOK_TAKEN` where some options come from elsewhere
 * @example
 * patchStartMiddleware(viteConfig, "./src/middleware/index.ts");
 */
export function patchStartMiddleware(module: Module, path: string): Patch {
  const options = findStartOptions(module);
  const call = findCall(module);
  if (!options?.isWhole || !call) throw unknownOptions(module, path);
  const editor = openEditor(module);
  const member = `middleware: ${editor.style.quote}${path}${editor.style.quote}`;
  if (options.object) insertMembers(editor, options.object, [member]);
  else editor.edits.appendLeft(endOf(call) - 1, `{ ${member} }`);
  return { text: finishEdit(editor) };
}

/**
 * Puts a middleware first in the list of a module, so that its headers are set last.
 *
 * @throws CodegenError `HOOK_TAKEN` if the default export is not `createMiddleware([...])`
 */
export function patchMiddleware(module: Module, hook: Component): Patch {
  if (listImports(module).some((one) => one.imported === hook.name && !one.typeOnly))
    return { text: undefined };
  const list = findList(module);
  if (!list)
    throw middlewareUnknown({
      at: locationOf(module, findDefaultExport(module)?.statement),
      uses: hook.name,
      lines: [
        'import { createMiddleware } from "@solidjs/start/middleware";',
        `import { ${hook.name} } from ${JSON.stringify(hook.source)};`,
        "",
        "// replace yourMiddleware with what the file exports now",
        `export default createMiddleware([${hook.name}, yourMiddleware]);`,
      ],
    });
  const editor = openEditor(module);
  const name = addImport(editor, hook);
  const [first] = list.elements;
  if (!first) editor.edits.appendLeft(endOf(list) - 1, name);
  else {
    const at = startOf(first);
    const lineStart = module.text.lastIndexOf("\n", at - 1) + 1;
    const startsLine = module.text.slice(lineStart, at).trim() === "";
    const gap = startsLine ? editor.style.eol + indentAt(module, at) : " ";
    editor.edits.appendLeft(at, `${name},${gap}`);
  }
  return { text: finishEdit(editor) };
}

/** The lines for a vite.config whose options kitcn does not know. */
export function unknownOptions(module: Module, path: string) {
  return noMiddleware({
    at: locationOf(module, findCall(module)),
    lines: [
      "// if you have a middleware module, write its path instead",
      `solidStart({ middleware: ${JSON.stringify(path)} })`,
    ],
  });
}

// --- internal ---

function findCall(module: Module) {
  const wanted = { source: "@solidjs/start/config", name: "solidStart" } as const;
  return listCalls(module).find((call) => isCallOf(module, call, wanted));
}

function findList(module: Module): ArrayExpression | undefined {
  const found = findDefaultExport(module);
  const made = found?.kind === "expression" ? resolveExpression(module, found.node) : undefined;
  const wanted = { source: "@solidjs/start/middleware", name: "createMiddleware" } as const;
  if (!made || !isCallOf(module, made, wanted)) return undefined;
  const [given] = made.arguments;
  const list = given && resolveExpression(module, given);
  return list?.type === "ArrayExpression" ? list : undefined;
}
