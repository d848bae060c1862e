// Prints generated/auth.ts of an app: the one module that ties auth.ts to the runtime. Pure text.
// The text is a template; every choice about it is made by its caller.
import { GENERATED_HEADER } from "./tables-module.js";

/** What the template needs to know. */
export type GeneratedAuthInput = {
  /** True when some model is placed in the component. */
  readonly usesComponent: boolean;
  /** Ends every relative import: "" or ".js" (moduleResolution node16/nodenext). */
  readonly extension: "" | ".js";
};

/** The text of generated/auth.ts. */
export function printGeneratedAuth({ usesComponent, extension }: GeneratedAuthInput): string {
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  const component = usesComponent ? `\n  component: components.auth,` : "";
  return `${GENERATED_HEADER}
import {
  createAuthRuntime,
  type AuthDefinition,
  type AuthOptions,
} from "kitcn/auth/runtime";
${usesComponent ? `import { components } from ${from("../_generated/api")};\n` : ""}import type { DataModel } from ${from("../_generated/dataModel")};
import definition from ${from("../auth")};
import { tables } from ${from("./auth.tables")};

export function defineAuth<const Options extends AuthOptions>(
  definition: AuthDefinition<DataModel, Options>,
) {
  return definition;
}

export const { getAuth, adapter, httpAdapter, authRead, authWrite } = createAuthRuntime<
  DataModel,
  typeof definition
>({
  definition: () => definition,
  tables,${component}
  module: "generated/auth",
});
`;
}
