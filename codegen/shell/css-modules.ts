// Takes CSS modules out of the rule with which Tailwind's loader runs in Turbopack, as create-next-app writes it. Under
// that rule a CSS module becomes a global sheet: the names that it exports are undefined. Stages next.config.
import { join } from "node:path";
import type { ObjectExpression } from "@babel/types";
import { shortPath } from "../disk/project.js";
import {
  findProperty,
  finishEdit,
  insertMembers,
  keyOf,
  openEditor,
  resolveExpression,
  type Module,
} from "../edit/index.js";
import { findModule } from "../workspace/find.js";
import { stagePatch, type Workspace } from "../workspace/stage.js";
import { configValues, valueOf } from "./config-values.js";

/**
 * Adds a condition to each rule that makes global sheets of all `.css` files.
 *
 * @returns sentences about rules that kitcn did not edit
 */
export async function planCssModules(ws: Workspace): Promise<string[]> {
  const path = findModule(ws, join(ws.project.root, "next.config"));
  const config = path === undefined ? undefined : ws.module(path);
  if (path === undefined || !config) return [];
  await stagePatch(ws, path, (module) => ({ text: exceptCssModules(module) }));
  // A rule in another form, such as one that code makes.
  const { text } = ws.module(path) ?? config;
  if (!text.includes("@tailwindcss/turbopack") || /\bcondition\b|\bmodule\\?\.css\b/.test(text))
    return [];
  return [
    `${shortPath(ws.project, path)} runs @tailwindcss/turbopack. If its rule is for all .css files, auth.module.css has no effect: add ${NO_CSS_MODULES} to the rule.`,
  ];
}

// --- internal ---

const NO_CSS_MODULES = "condition: { not: { path: /\\.module\\.css$/ } }";

/** The config with that condition; undefined if no rule lacks it. */
function exceptCssModules(module: Module): string | undefined {
  const rules = rulesOf(module);
  if (rules.length === 0) return undefined;
  const editor = openEditor(module);
  for (const rule of rules) insertMembers(editor, rule, [NO_CSS_MODULES]);
  return finishEdit(editor);
}

/** The rules for all `.css` files that also turn CSS modules into global sheets. Rules with a condition are left alone. */
function rulesOf(module: Module): ObjectExpression[] {
  const within = (object: ObjectExpression, name: string) => {
    const value = valueOf(object, name);
    return value && resolveExpression(module, value);
  };
  return configValues(module, "turbopack").flatMap((given) => {
    const options = resolveExpression(module, given);
    const all = options.type === "ObjectExpression" ? within(options, "rules") : undefined;
    if (all?.type !== "ObjectExpression") return [];
    return all.properties.flatMap((member) => {
      if (member.type !== "ObjectProperty" || !EVERY_SHEET.test(keyOf(member) ?? "")) return [];
      const rule = resolveExpression(module, member.value);
      if (rule.type !== "ObjectExpression" || findProperty(rule, "condition")) return [];
      const becomes = within(rule, "as");
      const isSheet = becomes?.type === "StringLiteral" && EVERY_SHEET.test(becomes.value);
      return isSheet ? [rule] : [];
    });
  });
}

const EVERY_SHEET = /^(\*\*\/)?\*\.css$/;
