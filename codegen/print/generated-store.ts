// Prints generated/store.ts of an app: the store of its auth tables, which loads nothing of Better Auth. Pure text.
// The text is a template; every choice about it is made by its caller.
import { GENERATED_HEADER } from "./tables-module.js";

/** What the template needs to know. */
export type GeneratedStoreInput = {
  /** True when some model is placed in the component. */
  readonly usesComponent: boolean;
  /** Ends every relative import: "" or ".js" (moduleResolution node16/nodenext). */
  readonly extension: "" | ".js";
};

/** The text of generated/store.ts. */
export function printGeneratedStore({ usesComponent, extension }: GeneratedStoreInput): string {
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  return `${GENERATED_HEADER}
${usesComponent ? COMPONENT_IMPORT : ""}import { ${usesComponent ? "type AuthComponent, " : ""}type AuthStoreFunctions, createAuthStore } from "kitcn/auth/store";
import type { DataModel } from ${from("../_generated/dataModel")};
import { tables } from ${from("./auth.tables")};
import { app } from ${from("./server")};
${usesComponent ? COMPONENT : ""}
// How actions and getSession reach the auth tables; internal, never reachable by clients. Loads no Better Auth.
export const { authRead, authWrite, authSession }: AuthStoreFunctions = createAuthStore<DataModel>({
  tables,${usesComponent ? "\n  component," : ""}
  app: () => app,
});
`;
}

/** The lines by which a generated module knows the component. */
export const COMPONENT_IMPORT = `import { componentsGeneric } from "convex/server";
`;

export const COMPONENT = `
// _generated/api knows the component only after the first push, and this module has to compile before.
const component = componentsGeneric().auth as unknown as AuthComponent;
`;
