// Makes the demo's app: a copy of examples/notes with the packed kitcn installed.
import { installApp, type PackedApp } from "../../test/support/packed-app.js";

export type DemoApp = PackedApp;

/** A fresh copy each time, so that the demo always starts from an app without auth. */
export function makeApp(): Promise<DemoApp> {
  return installApp({ from: "examples/notes", name: "demo" });
}

/** Runs a bin of the app. Throws with the command's whole output when it fails. */
export async function runInApp(
  app: DemoApp,
  { command, env }: { command: readonly string[]; env: Record<string, string> },
): Promise<void> {
  const { code, stdout, stderr } = await app.run(command, env);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
}
