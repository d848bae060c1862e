// The references to an author's functions that were a component's. Their types come from the modules themselves: those
// of _generated/api would go in circles, because a caller is a part of that api. Stages one module.
import { join, relative, sep } from "node:path";
import { relativeSpecifier } from "../../../load/module-resolution.js";
import { functionsLanguage, modulePath } from "../../../shell/language.js";
import type { Workspace } from "../../../workspace/stage.js";
import { functionsPath } from "./component.js";

/** What the module exports. */
export const REFERENCES = "componentFunctions";

/**
 * Stages the module, where it is not there yet.
 *
 * @param input.kept the author's modules
 * @returns its path
 */
export function stageReferences(
  ws: Workspace,
  input: {
    /** The component's. */
    readonly folder: string;
    readonly kept: ReadonlySet<string>;
    readonly extension: "" | ".js";
  },
): string {
  const { folder, kept, extension } = input;
  const language = functionsLanguage(ws);
  const path = modulePath(join(folder, `${REFERENCES}.ts`), language);
  if (ws.has(path)) return path;
  const modules = [...kept].filter((one) => one.startsWith(folder + sep)).sort();
  const api = `anyApi.${functionsPath(ws, folder)}`;
  if (language !== "ts") {
    ws.stage(
      path,
      `${COMMENT}import { anyApi } from "convex/server";

export const ${REFERENCES} = ${api};
`,
    );
    return path;
  }
  const keys = modules.map((one) => withoutEnding(relative(folder, one)).split(sep).join("/"));
  const imports = modules.map(
    (one, at) => `import type * as module${at} from "${relativeSpecifier(path, one, extension)}";`,
  );
  const members = keys.map((key, at) => `  "${key}": typeof module${at};`);
  ws.stage(
    path,
    `${COMMENT}import { anyApi, type ApiFromModules } from "convex/server";
${imports.join("\n")}

type Api = ApiFromModules<{
${members.join("\n")}
}>;

// anyApi finds functions by their path; the modules say what these take and give.
export const ${REFERENCES} = ${api} as unknown as Api;
`,
  );
  return path;
}

// --- internal ---

const COMMENT = `// The functions of this folder, for ctx.runQuery and the like. They are internal functions of the app.
`;

function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "");
}
