// Mounts the Resend component in a user's convex.config.ts. Pure: text in, text out; an app that has it mounted keeps
// its line, and its name.
import type { CallExpression } from "@babel/types";
import { mailComponentNameTaken } from "../errors/edits-backend.js";
import { locationOf, textOf, type Module } from "../edit/index.js";
import { listUses, mountedName, nameOf, sourceOf, useComponent } from "./app-definition.js";
import type { Patch } from "./types.js";

/** The package with the component. */
export const RESEND_PACKAGE = "@convex-dev/resend";

/** `components.resend`, unless the app mounts it under another name. */
export const RESEND_NAME = "resend";

/** convex.config.ts, where an app has none. */
export function printResendConfig(): string {
  return `import { defineApp } from "convex/server";
import resend from "${SOURCE}";

const app = defineApp();
app.use(resend);

export default app;
`;
}

/**
 * Adds `app.use(resend)` to the app definition, unless the app uses the component already.
 *
 * @returns also the name that the component has in `components`
 * @throws CodegenError `CONVEX_CONFIG_UNKNOWN_FORM`, `COMPONENT_NAME_TAKEN`
 * @example
 * patchResend(parseModule('import { defineApp } from "convex/server";\nexport default defineApp();\n', path));
 */
export function patchResend(module: Module): Patch & { readonly name: string } {
  const uses = listUses(module);
  const mounted = uses.find((use) => isResend(module, use));
  if (mounted) return { text: undefined, name: mountedName(mounted) ?? RESEND_NAME };
  const taken = uses.find((use) => nameOf(module, use) === RESEND_NAME);
  if (taken) throw nameTaken(module, taken);
  return {
    text: useComponent(module, { source: SOURCE, local: RESEND_NAME }),
    name: RESEND_NAME,
  };
}

// --- internal ---

const SOURCE = `${RESEND_PACKAGE}/convex.config`;

function isResend(module: Module, use: CallExpression): boolean {
  const source = sourceOf(module, use);
  return source === SOURCE || source === `${SOURCE}.js`;
}

function nameTaken(module: Module, use: CallExpression) {
  return mailComponentNameTaken({
    at: locationOf(module, use),
    name: RESEND_NAME,
    code: textOf(module, use),
    lines: [
      "// mount the component that sends mail under a name of your choice",
      `import resendComponent from "${SOURCE}";`,
      "",
      'app.use(resendComponent, { name: "resendMail" });',
    ],
  });
}
