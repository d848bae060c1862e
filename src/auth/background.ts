// Notes what Better Auth and its plugins start in the background (`runInBackground`), so that nobody answers before it
// is done. Must not wait for it: whoever calls the instance does.
import type { BetterAuthPlugin } from "better-auth";
import { noteBackground } from "../request/background.js";
import type { AuthOptions } from "./types.js";

/** The plugin, for an instance without a handler of the app. */
export function notingBackground() {
  return {
    id: "kitcn-background",
    init: () => ({ context: { runInBackground: noteBackground } }),
  } satisfies BetterAuthPlugin;
}

/** The options of an app that has a handler for such work: it is called all the same. Else none. */
export function backgroundTasks({
  advanced,
}: AuthOptions): Pick<NonNullable<AuthOptions["advanced"]>, "backgroundTasks"> | undefined {
  const handler = advanced?.backgroundTasks?.handler;
  if (!handler) return undefined;
  const both = (work: Promise<unknown>) => {
    noteBackground(work);
    handler(work);
  };
  return { backgroundTasks: { handler: both } };
}
