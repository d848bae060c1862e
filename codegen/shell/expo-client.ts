// Plans the auth client of an Expo app. One client serves phones, which store the session themselves, and the web,
// where headers carry the cookies. Plugins that the app's own client already has stay as they are.
import { findHome } from "../modules/names.js";
import { isMadeWith } from "../modules/made-with.js";
import { noAuthClient } from "../patch/auth-client.js";
import { EXPO_CLIENT_PLUGINS, patchExpoClient } from "../patch/expo-client.js";
import { printExpoClient } from "../print/expo.js";
import { stagePatch } from "../workspace/stage.js";
import type { ShellOf } from "./detect.js";
import { schemeOf } from "./expo-config.js";
import { authClientOf, readerOf, stageInStyle, variableOf, type Front } from "./front.js";

/**
 * Plans the module that exports `authClient`.
 *
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export async function planExpoClient(front: Front<ShellOf<"expo">>): Promise<void> {
  const { ws } = front;
  const path = authClientOf(front);
  const siteUrl = variableOf(front)("CONVEX_SITE_URL");
  const scheme = schemeOf(ws);
  const module = ws.module(path);
  if (!module) return stageInStyle(front, path, printExpoClient({ siteUrl, scheme }));
  const read = readerOf(ws);
  const named = { module, name: "authClient" };
  const home = findHome(named, read);
  if (!home) throw noAuthClient(module);
  if (EXPO_CLIENT_PLUGINS.every((plugin) => isMadeWith(named, plugin, read)))
    return ws.stage(path, module.text);
  await stagePatch(ws, home.path, (one) => patchExpoClient(one, { siteUrl, scheme }));
}
