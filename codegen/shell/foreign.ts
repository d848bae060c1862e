// Describes front ends that kitcn does not wire, and prints the lines to write there by hand.
// Decides and prints; must not read files.

/** A front end that is wired by hand. */
export type ForeignFrontEnd = {
  /** As in "the front end of SvelteKit". */
  readonly name: string;
  /** The module of Better Auth's client that fits. */
  readonly client: "react" | "vue" | "svelte" | "solid" | "client";
  /** The expression for the deployment's site in browser code. Undefined if its own server forwards the auth routes. */
  readonly siteUrl?: string;
  /** Its port in development. */
  readonly port: number;
};

/** The variable that the convex CLI writes in an app that Vite bundles. */
const VITE = "import.meta.env.VITE_CONVEX_SITE_URL";

/** For frameworks where the app chooses the variable's name. */
const LITERAL = '"https://<your deployment>.convex.site"';

const SVELTE_KIT: ForeignFrontEnd = {
  name: "SvelteKit",
  client: "svelte",
  siteUrl: "PUBLIC_CONVEX_SITE_URL",
  port: 5173,
};

/** An app that is files alone: nothing of it can answer a request. */
export const STATIC_KIT: ForeignFrontEnd = {
  ...SVELTE_KIT,
  name: "SvelteKit without a server (@sveltejs/adapter-static)",
};

/** By the package that identifies each; the first one found counts. */
export const FOREIGN: Readonly<Record<string, ForeignFrontEnd>> = {
  expo: {
    name: "Expo",
    client: "react",
    siteUrl: "process.env.EXPO_PUBLIC_CONVEX_SITE_URL",
    port: 8081,
  },
  "react-native": { name: "React Native", client: "react", siteUrl: LITERAL, port: 8081 },
  astro: { name: "Astro", client: "react", siteUrl: LITERAL, port: 4321 },
  gatsby: { name: "Gatsby", client: "react", siteUrl: LITERAL, port: 8000 },
  "@react-router/dev": {
    name: "React Router's framework mode",
    client: "react",
    siteUrl: VITE,
    port: 5173,
  },
  "@remix-run/react": { name: "Remix", client: "react", siteUrl: VITE, port: 5173 },
  "@sveltejs/kit": SVELTE_KIT,
  svelte: { name: "Svelte", client: "svelte", siteUrl: VITE, port: 5173 },
  nuxt: { name: "Nuxt", client: "vue", siteUrl: LITERAL, port: 3000 },
  vue: { name: "Vue", client: "vue", siteUrl: VITE, port: 5173 },
  "solid-js": { name: "Solid", client: "solid", siteUrl: VITE, port: 5173 },
  "@angular/core": { name: "Angular", client: "client", siteUrl: LITERAL, port: 4200 },
};

/** A Vite app in a form that kitcn does not wire. */
export function foreignVite(name: string, client: ForeignFrontEnd["client"]): ForeignFrontEnd {
  return { name, client, siteUrl: VITE, port: 5173 };
}

/** A Next.js or TanStack Start app in a form that kitcn does not wire. */
export function foreignServer(name: string): ForeignFrontEnd {
  return { name, client: "react", port: 3000 };
}

/** A front end's lines, and the page that explains the rest. */
export function printByHand(found: ForeignFrontEnd): string {
  const lines = [...printAuthClient(found), "", ...printConnection(found)];
  return `kitcn does not wire the front end of ${found.name}. Write this in it:
${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}
${found.siteUrl === undefined ? OWN_SITE : OTHER_SITE}`;
}

// --- internal ---

const OWN_SITE =
  "Your own server forwards the auth routes to Convex, as node_modules/kitcn/docs/clients.md shows.";

const OTHER_SITE =
  "The auth routes are on another site, so crossDomain() carries cookies in headers: node_modules/kitcn/docs/clients.md.";

function printAuthClient({ client, siteUrl }: ForeignFrontEnd): string[] {
  const isReact = client === "react";
  const plugins = ["convexClient", ...(siteUrl === undefined ? [] : ["crossDomainClient"])];
  const names = [...(isReact ? ["ConvexAuthProvider"] : ["connectAuth"]), ...plugins];
  return [
    ...(siteUrl === "PUBLIC_CONVEX_SITE_URL"
      ? [`import { ${siteUrl}, ${cloudUrlOf(siteUrl)} } from "$env/static/public";`]
      : []),
    `import { createAuthClient } from "better-auth/${client}";`,
    isReact
      ? 'import { ConvexReactClient } from "convex/react";'
      : 'import { ConvexClient } from "convex/browser";',
    `import { ${names.join(", ")} } from "kitcn/auth/${isReact ? "client" : "browser"}";`,
    "",
    "export const authClient = createAuthClient({",
    ...(siteUrl === undefined ? [] : [`  baseURL: ${siteUrl},`]),
    `  plugins: [${plugins.map((name) => `${name}()`).join(", ")}],`,
    "});",
  ];
}

function printConnection({ client, siteUrl }: ForeignFrontEnd): string[] {
  const url = cloudUrlOf(siteUrl);
  return client === "react"
    ? [
        `const convex = new ConvexReactClient(${url}); // or the one that you have`,
        "<ConvexAuthProvider client={convex} authClient={authClient}> // around your app",
      ]
    : [
        `const convex = new ConvexClient(${url}); // or the one that you have`,
        "connectAuth({ client: convex, authClient });",
      ];
}

/** The expression for the deployment itself, beside that for its site. */
function cloudUrlOf(siteUrl = LITERAL): string {
  const url = siteUrl.replace("CONVEX_SITE_URL", "CONVEX_URL").replace(".site", ".cloud");
  return url.startsWith("process.env.") ? `${url} ?? ""` : url;
}
