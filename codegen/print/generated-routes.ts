// Prints generated/routes.ts of an app: Better Auth's routes for http.ts, which loads no Better Auth. Pure text.
// The text is a template; every choice about it is made by its caller.
import { GENERATED_HEADER } from "./tables-module.js";

/** What the template needs to know. */
export type GeneratedRoutesInput = {
  /** `basePath` of auth.ts. */
  readonly basePath: string;
  /** Ends every relative import: "" or ".js" (moduleResolution node16/nodenext). */
  readonly extension: "" | ".js";
};

/** The text of generated/routes.ts. */
export function printGeneratedRoutes({ basePath, extension }: GeneratedRoutesInput): string {
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  return `${GENERATED_HEADER}
import { type AuthRoutes, createAuthRoutes } from "kitcn/auth/routes";
import type { DataModel } from ${from("../_generated/dataModel")};

/** For registerRoutes and authMiddleware. Loads Better Auth where an action itself has to serve a request. */
export const authRoutes: AuthRoutes<DataModel> = createAuthRoutes({
  basePath: ${JSON.stringify(basePath)},
  load: () => import(${from("./auth")}),
});
`;
}
