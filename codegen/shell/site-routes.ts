// Shared by the plans of front ends without React: the route for the auth requests, and the page at /auth.
// What the app has at these addresses stays. Reads the workspace and the package's own files; stages files.
import { dirname, join } from "node:path";
import { routeTaken } from "../errors/edits-front.js";
import { shortPath } from "../disk/project.js";
import { locationOf } from "../edit/index.js";
import { readTemplate } from "../packages/kitcn-package.js";
import { printProvider, withLimits, type PageContent } from "../page/print.js";
import { stageNew } from "../workspace/stage.js";
import type { Site } from "./detect.js";
import type { Front } from "./front.js";
import { pathOf, siteStyle, stageTemplate, textOf } from "./site.js";

/**
 * Stages the route that forwards the auth requests, in an app without one.
 *
 * @param input.taken the app's modules that answer for all paths below /api/auth
 * @param input.ours what the text of a module that forwards them has
 * @throws CodegenError `ROUTE_TAKEN`
 */
export async function planSiteRoute(
  front: Front<Site>,
  input: { readonly file: string; readonly taken: readonly string[]; readonly ours: RegExp },
): Promise<void> {
  const { ws } = front;
  const { file, taken, ours } = input;
  for (const module of taken.flatMap((path) => ws.module(path) ?? [])) {
    if (!ours.test(module.text))
      throw routeTaken({
        at: locationOf(module),
        // The template's imports fit only the path that kitcn writes.
        lines:
          module.path === pathOf(front, file)
            ? ["// replace the file with this", ...textOf(front, file).trimEnd().split("\n")]
            : [`// delete this file, or rename it: kitcn then writes ${file}`],
      });
    ws.stage(module.path, module.text);
  }
  if (taken.length === 0) await stageTemplate(front, file);
}

/**
 * Stages the page at /auth and its style sheet.
 *
 * @param input.pages the app's pages at this address
 * @returns a sentence about a page of the app's own, which stays
 */
export async function planSitePage(
  front: Front<Site>,
  input: {
    readonly file: string;
    readonly pages: readonly string[];
    readonly content: PageContent;
  },
): Promise<string[]> {
  const { ws } = front;
  const { file, pages, content } = input;
  const page = pathOf(front, file);
  const other = pages.find((path) => path !== page || !CLIENT.test(ws.read(path) ?? ""));
  if (other !== undefined)
    return [
      `${shortPath(ws.project, other)} is your page at /auth, so kitcn did not write its own.`,
    ];
  const list = `= [${content.providers.map(printProvider).join(", ")}];`;
  const template = textOf(front, file).replace(/(?<=const PROVIDERS.*)= \[\];/, list);
  const text = withLimits(template, content.limits);
  const style = siteStyle(front);
  await stageNew(ws, { path: page, text, style });
  // A page that somebody restyled may not use our style sheet.
  if (ws.read(page)?.includes("./auth.module.css"))
    await stageNew(ws, {
      path: join(dirname(page), "auth.module.css"),
      text: readTemplate("auth-page/auth.module.css"),
      style,
    });
  return [];
}

/** A file below a folder of routes, without the groups that it is in: they are not part of an address. */
export function routeOf(folder: string, path: string): string {
  const folders = shortPath({ root: folder }, path).split("/");
  return folders.filter((one) => !/^\(.*\)$/.test(one)).join("/");
}

// --- internal ---

/** What a page that kitcn wrote imports: the auth client, wherever it is. */
const CLIENT = /from ["'][^"']*\bauth[-/]client["']/;
