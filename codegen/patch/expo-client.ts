// Gives the auth client of an Expo app the plugins that it needs on phones and on the web. Pure: text in, text out.
import type { ObjectExpression } from "@babel/types";
import { expoClient } from "../errors/edits-front.js";
import {
  addImport,
  findProperty,
  finishEdit,
  insertMembers,
  locationOf,
  openEditor,
  resolveExpression,
  type Editor,
  type Module,
} from "../edit/index.js";
import { printExpoClient, printExpoPlugin, printWebPlugin } from "../print/expo.js";
import { findClientCall } from "./auth-client.js";
import { importedBy, listCalls } from "./calls.js";
import { addPlugins } from "./plugins.js";
import type { Patch } from "./types.js";

/** What the auth client of an Expo app is made with. */
export const EXPO_CLIENT_PLUGINS = [
  { source: "kitcn/auth/client", name: "convexClient" },
  { source: "@better-auth/expo/client", name: "expoClient" },
  { source: "kitcn/auth/client", name: "crossDomainClient" },
] as const;

type Input = {
  /** An expression: where the auth routes are. */
  readonly siteUrl: string;
  readonly scheme: string;
};

/**
 * Adds `convexClient()`, `expoClient({ ... })`, for the web `crossDomainClient()`, and `baseURL`.
 *
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export function patchExpoClient(module: Module, input: Input): Patch {
  const missing = EXPO_CLIENT_PLUGINS.filter(({ name }) => !isCalled(module, name));
  if (missing.length === 0) return { text: undefined };
  const [argument] = findClientCall(module)?.arguments ?? [];
  const options = argument && resolveExpression(module, argument);
  if (options?.type !== "ObjectExpression") throw unknownForm(module, input);
  const editor = openEditor(module);
  const plugins = missing.map(({ name }) => PRINT[name](editor, input));
  if (!findProperty(options, "baseURL"))
    insertMembers(editor, options, [`baseURL: ${input.siteUrl}`]);
  if (!addPlugins(editor, options as ObjectExpression, plugins)) throw unknownForm(module, input);
  return { text: finishEdit(editor) };
}

// --- internal ---

const CLIENT = "kitcn/auth/client";

const PRINT = {
  convexClient: (editor: Editor) =>
    `${addImport(editor, { source: CLIENT, name: "convexClient" })}()`,
  expoClient: (editor: Editor, { scheme }: Input) =>
    quoted(
      editor,
      printExpoPlugin({
        expoClient: addImport(editor, { source: "@better-auth/expo/client", name: "expoClient" }),
        secureStore: addImport(editor, {
          source: "expo-secure-store",
          name: "*",
          local: "SecureStore",
        }),
        scheme,
      }),
    ),
  crossDomainClient: (editor: Editor) =>
    quoted(
      editor,
      printWebPlugin({
        platform: addImport(editor, { source: "react-native", name: "Platform" }),
        crossDomainClient: addImport(editor, { source: CLIENT, name: "crossDomainClient" }),
      }),
    ),
} as const;

function quoted({ style }: Editor, code: string): string {
  return code.replaceAll('"', style.quote);
}

function isCalled(module: Module, name: string): boolean {
  return listCalls(module).some((call) => importedBy(module, call.callee)?.name === name);
}

function unknownForm(module: Module, input: Input) {
  return expoClient({
    at: locationOf(module, findClientCall(module)),
    lines: printExpoClient(input).trimEnd().split("\n"),
  });
}
