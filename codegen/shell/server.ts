// Plans lib/auth-server.ts, where a front end with a server of its own gets tokens and calls Convex.
import { join } from "node:path";
import { manualEdit } from "../patch/types.js";
import type { Kit } from "./kit.js";

/**
 * Creates the module, or leaves the app's own alone, and gives its path.
 *
 * @throws CodegenError `AUTH_SERVER_TAKEN` for one that has no route handlers
 */
export async function planServer({ draft, shell }: Kit, text: string): Promise<string> {
  const names = ["ts", "tsx", "js"].map((end) => join(shell.base, `lib/auth-server.${end}`));
  const path =
    names.find((one) => draft.read(one) !== undefined) ?? join(shell.base, "lib/auth-server.ts");
  const current = draft.read(path);
  if (current !== undefined && !/\bhandlers\b/.test(current))
    throw manualEdit({
      code: "AUTH_SERVER_TAKEN",
      at: path,
      reason:
        "kitcn would create this file, and it is there already, without `handlers` for the auth route.",
      lines: ["// rename the file, or add", ...text.trimEnd().split("\n")],
    });
  await draft.create(path, text);
  return path;
}
