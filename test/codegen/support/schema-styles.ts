// Every usual way of writing schema.ts, each as an app with one of the sample auth files.
import { readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { copyFixture, fixture, FIXTURES, makeApp, type TestApp } from "./app.js";
import { CONVEX_GENERATED } from "./type-check.js";

/** Fixtures, by path. */
export const STYLES: readonly string[] = ["cases/schema-styles", "schema-styles"].flatMap(
  (folder) =>
    readdirSync(join(FIXTURES, folder))
      .filter((name) => /\.[jt]s$/.test(name))
      .map((name) => `${folder}/${name}`),
);

/** An app whose schema is the fixture `style`, and whose auth.ts is the fixture `auth`. */
export function appFor(style: string, auth: string): { app: TestApp; schema: string } {
  const schema = `convex/schema${extname(style)}`;
  const app = makeApp({ "convex/auth.ts": fixture(auth), [schema]: fixture(style) });
  copyFixture(app, "schema-styles/_modules", "convex");
  for (const [name, text] of Object.entries(CONVEX_GENERATED)) app.write(`convex/${name}`, text);
  return { app, schema };
}
