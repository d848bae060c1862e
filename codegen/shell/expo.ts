// Plans the front end of an Expo app: the provider in its root, its scheme, and with expo-router the page at /auth.
// Stages files.
import { join, relative, sep } from "node:path";
import { listImports } from "../edit/index.js";
import { wrapReturned } from "../patch/returned.js";
import { shortPath } from "../disk/project.js";
import { printExpoRoute } from "../print/expo.js";
import { findModule, listFiles } from "../workspace/find.js";
import { stagePatch } from "../workspace/stage.js";
import { stageAuthPage } from "./auth-page.js";
import type { ShellOf } from "./detect.js";
import { planExpoConfig } from "./expo-config.js";
import {
  jsxFormatter,
  modulesFrom,
  newModule,
  specifierOf,
  stageInStyle,
  type Front,
} from "./front.js";
import { authPageOf, type PageInput } from "./page-paths.js";
import type { NewProvider } from "./provider.js";

/**
 * Plans the files that only Expo apps have.
 *
 * @returns sentences about files that kitcn did not edit, and about what is left to do
 *
 * @throws CodegenError `LAYOUT_UNKNOWN_FORM`
 */
export async function planExpo(
  front: Front<ShellOf<"expo">>,
  input: { readonly provider: NewProvider | undefined; readonly page: PageInput | undefined },
): Promise<string[]> {
  const { ws, shell } = front;
  const { provider } = input;
  if (provider) {
    const component = { ...provider, source: specifierOf(front, shell.root, provider.path) };
    await stagePatch(ws, shell.root, (module) =>
      wrapReturned(module, { provider: component, format: jsxFormatter(module) }),
    );
  }
  return [...planExpoConfig(ws), ...(input.page ? await planPage(front, input.page) : [])];
}

// --- internal ---

async function planPage(
  front: Front<ShellOf<"expo">>,
  content: PageInput,
): Promise<readonly string[]> {
  const { ws, shell } = front;
  const { routesDir } = shell;
  const page = authPageOf(front);
  if (routesDir === undefined) {
    const { notes } = await stageAuthPage({ ...front, ...content });
    const isShown = modulesFrom(ws, [shell.root]).some(({ path }) => path === page);
    const name = shortPath(ws.project, page);
    return isShown ? notes : [...notes, `Show AuthPage of ${name} where a visitor signs in.`];
  }
  const routes = routesAtAuth(front, routesDir);
  const shows = (route: string) => modulesFrom(ws, [route]).some(({ path }) => path === page);
  const other = routes.find((route) => !shows(route));
  if (other !== undefined)
    return [
      `${shortPath(ws.project, other)} is your page at /auth, so kitcn did not write its own.`,
    ];
  const { notes } = await stageAuthPage({ ...front, ...content });
  const route = routes[0] ?? newModule(front, join(routesDir, "auth.tsx"));
  await stageInStyle(front, route, printExpoRoute(specifierOf(front, route, page)));
  return [...notes, ...tabsWithoutPage(front)];
}

/** With these modules, tabs open only routes with a trigger. Any other route leads to the home tab. */
function tabsWithoutPage({ ws, shell }: Front<ShellOf<"expo">>): string[] {
  const reached = modulesFrom(ws, [shell.root]).flatMap(({ path }) => platformsOf(ws, path));
  const tabs = modulesFrom(ws, reached).filter(
    (module) =>
      listImports(module).some(({ source }) => TABS.test(source)) &&
      !/["'/]auth["']/.test(module.text),
  );
  return tabs.map(
    ({ path }) =>
      `The tabs of ${shortPath(ws.project, path)} show only routes with a trigger: add one named "auth", or move the tabs and their routes into a group, such as (tabs).`,
  );
}

const TABS = /^expo-router\/(ui|(unstable-)?native-tabs)$/;

/** A module, and those that Metro loads instead of it on one platform: `tabs.tsx` and `tabs.web.tsx`. */
function platformsOf(ws: Front["ws"], path: string): string[] {
  const stem = path.replace(/(\.(web|native|ios|android))?\.[jt]sx?$/, "");
  const others = ["", ".web", ".native", ".ios", ".android"].flatMap(
    (platform) => findModule(ws, stem + platform) ?? [],
  );
  return [path, ...others];
}

/** Route files whose path is /auth. Groups and `index` are not part of a path. */
function routesAtAuth({ ws }: Front, routesDir: string): string[] {
  return listFiles(ws, routesDir)
    .filter((path) => {
      const file = relative(routesDir, path);
      const segments = file.replace(/(\.(web|native|ios|android))?\.[jt]sx?$/, "").split(sep);
      const shown = segments.filter((one) => !/^(\(.*\)|index)$/.test(one));
      return /\.[jt]sx?$/.test(file) && shown.join("/") === "auth";
    })
    .sort();
}
