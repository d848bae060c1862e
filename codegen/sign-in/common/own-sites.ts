// Where an app's deployment is, by what its environment says of it: names and addresses. Reads; asks nobody.
import { readEnvironment } from "../../env/deployment.js";
import type { Project } from "../../types.js";

/** Addresses of the site of the deployment, without a slash at the end. */
export function ownSites(project: Project): string[] {
  const environment = readEnvironment(project);
  const named = Object.entries(environment).flatMap(([name, value]) =>
    /CONVEX_SITE_URL$/.test(name) && value ? [value.replace(/\/+$/, "")] : [],
  );
  const deployment = /^(?:dev|prod|preview):([\w-]+)/.exec(
    environment.CONVEX_DEPLOYMENT ?? "",
  )?.[1];
  return deployment === undefined ? named : [...named, `https://${deployment}.convex.site`];
}
