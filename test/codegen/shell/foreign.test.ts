// Front ends that kitcn does not wire: the server's half is made for them, and what is told compiles.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp } from "../support/cli.js";
import {
  addAuth,
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const FRONTS = [
  { has: ["expo", "react"], named: "Expo", client: "react", port: 8081 },
  { has: ["vue"], named: "Vue", client: "vue", port: 5173 },
  { has: ["@sveltejs/kit", "svelte"], named: "SvelteKit", client: "svelte", port: 5173 },
  { has: ["solid-js"], named: "Solid", client: "solid", port: 5173 },
  { has: ["@angular/core"], named: "Angular", client: "client", port: 4200 },
  { has: ["astro", "react"], named: "Astro", client: "react", port: 4321 },
  { has: ["astro"], named: "Astro", client: "client", port: 4321 },
  { has: ["vite"], named: "Vite without React", client: "client", port: 5173 },
];

test("each is told what to write, and that compiles", async () => {
  const written: string[] = [];
  for (const { has, named, client, port } of FRONTS) {
    const app = foreignApp(has);
    const { code, stdout } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    const told = stdout.split(
      `kitcn does not wire the front end of ${named}. Write this in it:`,
    )[1];
    const lines = (told ?? "").split("The auth routes are on another site")[0]!.split("\n");
    const text = lines.map((line) => line.trim()).join("\n");
    expect(text).toContain(`from "better-auth/${client}"`);
    expect(text).toContain("plugins: [convexClient(), crossDomainClient()]");
    expect(app.read("convex/.env")).toContain(`SITE_URL=http://localhost:${port}`);
    app.write("front.tsx", client === "react" ? asReact(text) : text);
    app.write("env.d.ts", ENVIRONMENT);
    written.push(app.path("front.tsx"), app.path("env.d.ts"), app.path("convex/http.ts"));
  }
  expectTypes(written);
});

test("its auth routes are on another site, as long as nobody says otherwise", async () => {
  const { app, after } = await addAuth("plain", {
    files: { "package.json": packageJson(["vue"]) },
  });
  expect(after["convex/auth.ts"]).toContain("crossDomain({ siteUrl: process.env.SITE_URL");
  expect(after["convex/http.ts"]).toContain("cors: { allowedOrigins: [");
  await expectSecondRunEmpty(app);
  // Behind a proxy of the app's own.
  const auth = app.read("convex/auth.ts").replace(/\n *crossDomain\([^]*?\),\n/, "\n");
  app.write("convex/auth.ts", auth.replace("convex, crossDomain", "convex"));
  app.write("convex/http.ts", app.read("convex/http.ts").replace(/, \{[^]*?\}\)/, ")"));
  await expectSecondRunEmpty(app);
});

// --- internal ---

function foreignApp(has: readonly string[]) {
  return cliApp("plain", { ...COMPILED, files: { "package.json": packageJson(has) } });
}

function packageJson(has: readonly string[]): string {
  const own = { convex: "1", kitcn: "1", "better-auth": "1.7.25" };
  const dependencies = { ...own, ...Object.fromEntries(has.map((name) => [name, "1"])) };
  return JSON.stringify({ name: "x", dependencies });
}

/** As the frameworks declare it. */
const ENVIRONMENT = `declare module "$env/static/public" {
  export const PUBLIC_CONVEX_SITE_URL: string;
  export const PUBLIC_CONVEX_URL: string;
}
`;

function asReact(text: string): string {
  return text.replace(
    /^(<ConvexAuthProvider [^>]*>).*$/m,
    "export const app = $1</ConvexAuthProvider>;",
  );
}
