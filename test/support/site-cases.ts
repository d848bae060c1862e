// Frameworks without React, as the matrix takes them from their creators to a signed-in query: what each is called, and
// its pages. Plain data; sites.ts runs it.
import { cp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { runOrThrow } from "./commands.js";
import { LENIENT } from "./packed-app.js";

export type SiteCase = {
  name: string;
  /** Makes the app in a folder of the name "app". */
  create: (home: string) => Promise<void>;
  /** More flags for npm's installation of kitcn. */
  install?: readonly string[];
  /** Where the functions are. */
  functions: string;
  /** What the framework calls the two addresses of a deployment, and the file that it reads them from. */
  env: { file: string; url: string; site: string };
  /** A page at / that renders whoami on the server, as the documents say. */
  page: Record<string, string>;
  /** A page at /public that lets every cache keep it, and the addresses that answer with what it holds. */
  open: { files: Record<string, string>; paths: readonly string[] };
  /** The address of a page that the server makes once for everybody. */
  shared?: string;
  /**
   * The address of a page that signs a person in by a click, and goes on to another page in the browser. That one shows
   * each answer of whoami in the order in which they came.
   */
  goesOn?: string;
  /** How many tokens are requested when a page starts, by the server and the browser. Undefined: nobody counts. */
  tokens?: number;
  /** Files of the app that kitcn may edit. */
  edited: readonly string[];
  /** What its compiler runs, and before it what writes types. */
  compile: readonly (readonly string[])[];
  /** Arguments for node that serve the build. */
  serve: (port: number) => readonly string[];
  /** Arguments for node that start what `npm run dev` starts. */
  dev: (port: number) => readonly string[];
  /** An error that its development server causes in browsers, also without kitcn. */
  ownProblem?: RegExp;
  /** The major version of Node that it needs, if that is newer than the tests' own. */
  node?: number;
};

export const SITE_CASES: readonly SiteCase[] = [
  {
    name: "sveltekit",
    create: (home) =>
      runOrThrow(home, [
        ...["npm", "exec", "--yes", "--", "sv@0.17.1", "create", "app", "--template", "minimal"],
        ...["--types", "ts", "--no-add-ons", "--no-install"],
      ]),
    functions: "src/convex",
    env: { file: ".env.local", url: "PUBLIC_CONVEX_URL", site: "PUBLIC_CONVEX_SITE_URL" },
    page: {
      "src/routes/+page.ts": `import { convexLoad } from "convex-svelte/sveltekit";
import { api } from "../convex/_generated/api";

export const load = async () => ({ me: await convexLoad(api.users.whoami, {}) });
`,
      "src/routes/+page.svelte": `<script lang="ts">
  import { useAuth, useQuery } from "convex-svelte";
  import { api } from "../convex/_generated/api";

  let { data } = $props();
  const auth = useAuth();
  const live = useQuery(api.users.whoami, () => (auth.isAuthenticated ? {} : "skip"));
</script>

<p data-testid="state">
  {auth.isLoading ? "loading" : auth.isAuthenticated ? "signed in" : "signed out"}
</p>
<p data-testid="me">{data.me.data ?? "nobody"}</p>
<p data-testid="live">{live.data ?? ""}</p>
`,
    },
    open: {
      files: {
        "src/routes/public/+page.server.ts": `export const load = ({ setHeaders }) => {
  setHeaders({ "cache-control": "public, max-age=600" });
  return { at: 1 };
};
`,
        "src/routes/public/+page.svelte": "<p>Open to all</p>\n",
      },
      paths: ["/public", "/public/__data.json"],
    },
    edited: ["src/routes/+layout.svelte", ".gitignore", "package.json", "package-lock.json"],
    compile: [
      ["svelte-kit", "sync"],
      ["svelte-check", "--tsconfig", "./tsconfig.json"],
    ],
    serve: (port) => vite("preview", port),
    dev: (port) => vite("dev", port),
  },
  {
    name: "nuxt",
    // The creator downloads this template from GitHub.
    create: async (home) => {
      const app = join(home, "app");
      await cp(join(root, "test/fixtures/apps/nuxt"), app, { recursive: true });
      await writeFile(join(app, "package.json"), JSON.stringify(NUXT_PACKAGE, null, 2));
    },
    // npm refuses kitcn and Better Auth beside Nuxt until package.json has the overrides that kitcn writes.
    install: [LENIENT],
    functions: "convex",
    env: { file: ".env.local", url: "CONVEX_URL", site: "CONVEX_SITE_URL" },
    page: {
      "app/pages/index.vue": `<script setup lang="ts">
import { api } from "~~/convex/_generated/api";

const { isLoading, isAuthenticated } = useConvexAuth();
const { data: me } = await useConvexQuery(api.users.whoami, {});
const { data: live } = useConvexQuery(api.users.whoami, () =>
  isAuthenticated.value ? {} : "skip",
);
</script>

<template>
  <div>
    <p data-testid="state">
      {{ isLoading ? "loading" : isAuthenticated ? "signed in" : "signed out" }}
    </p>
    <p data-testid="me">{{ me ?? "nobody" }}</p>
    <p data-testid="live">{{ live ?? "" }}</p>
  </div>
</template>
`,
    },
    open: {
      files: {
        "app/pages/public.vue": `<script setup lang="ts">
useResponseHeader("cache-control").value = "public, max-age=600";
</script>

<template>
  <p>Open to all</p>
</template>
`,
        "app/pages/shared.vue": `<script setup lang="ts">
import { api } from "~~/convex/_generated/api";

const { data: me } = await useConvexQuery(api.users.whoami, {});
</script>

<template>
  <p data-testid="me">{{ me ?? "nobody" }}</p>
</template>
`,
        "app/pages/enter.vue": `<script setup lang="ts">
import { authClient } from "../utils/auth-client";

const email = ref("");
const password = ref("");

async function enter() {
  await authClient.signIn.email({ email: email.value, password: password.value });
  await navigateTo("/entered");
}
</script>

<template>
  <form @submit.prevent="enter">
    <input v-model="email" name="email" />
    <input v-model="password" name="password" />
    <button>Enter</button>
  </form>
</template>
`,
        "app/pages/entered.vue": `<script setup lang="ts">
import { api } from "~~/convex/_generated/api";

const answers = ref<string[]>([]);
const { data: me, status } = await useConvexQuery(api.users.whoami, {});
watch(
  [me, status],
  () => {
    const answer = status.value === "success" ? (me.value ?? "nobody") : "";
    if (answer && answers.value.at(-1) !== answer) answers.value.push(answer);
  },
  { immediate: true },
);
</script>

<template>
  <p data-testid="answers">{{ answers.join(" ") }}</p>
</template>
`,
        "nuxt.config.ts": `export default defineNuxtConfig({
  compatibilityDate: "2025-07-15",
  routeRules: { "/shared": { swr: 600 } },
});
`,
      },
      paths: ["/public"],
    },
    shared: "/shared",
    goesOn: "/enter",
    edited: ["app/app.vue", ".gitignore", "package.json", "package-lock.json"],
    compile: [["nuxi", "typecheck"]],
    serve: (port) => [
      "--input-type=module",
      "--eval",
      `Object.assign(process.env, { HOST: "127.0.0.1", PORT: "${port}" });
await import("./.output/server/index.mjs");`,
    ],
    dev: (port) => [
      "node_modules/nuxt/bin/nuxt.mjs",
      ...["dev", "--port", String(port), "--host", "127.0.0.1"],
    ],
  },
  {
    name: "solidstart",
    // The creator downloads this template from GitHub.
    create: async (home) => {
      const app = join(home, "app");
      await cp(join(root, "test/fixtures/apps/solidstart"), app, { recursive: true });
      await writeFile(join(app, "package.json"), JSON.stringify(SOLID_PACKAGE, null, 2));
    },
    functions: "convex",
    env: { file: ".env.local", url: "VITE_CONVEX_URL", site: "VITE_CONVEX_SITE_URL" },
    page: {
      "src/routes/index.tsx": `import { api } from "../../convex/_generated/api";
import { createConvexQuery, useConvexAuth } from "../lib/convex";

export default function Home() {
  const auth = useConvexAuth();
  const me = createConvexQuery(api.users.whoami, () => ({}));
  const live = createConvexQuery(api.users.whoami, () => (auth().isAuthenticated ? {} : "skip"));
  const state = () =>
    auth().isLoading ? "loading" : auth().isAuthenticated ? "signed in" : "signed out";
  return (
    <main>
      <p data-testid="state">{state()}</p>
      <p data-testid="me">{me() ?? "nobody"}</p>
      <p data-testid="live">{live() ?? ""}</p>
    </main>
  );
}
`,
    },
    open: {
      files: {
        "src/routes/public.tsx": `import { HttpHeader } from "@solidjs/start";

export default function Public() {
  return (
    <main>
      <HttpHeader name="cache-control" value="public, max-age=600" />
      <p>Open to all</p>
    </main>
  );
}
`,
        "src/routes/shared.tsx": `import { api } from "../../convex/_generated/api";
import { createConvexQuery } from "../lib/convex";

export default function Shared() {
  const me = createConvexQuery(api.users.whoami, () => ({}));
  return <p data-testid="me">{me() ?? "nobody"}</p>;
}
`,
        "nitro.config.ts": `export default { routeRules: { "/shared": { swr: 600 } } };
`,
      },
      paths: ["/public"],
    },
    shared: "/shared",
    tokens: 1,
    edited: ["src/app.tsx", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"],
    compile: [["tsc", "--noEmit"]],
    serve: (port) => vite("preview", port),
    dev: (port) => vite("dev", port),
    // Of its toolbar.
    ownProblem: /@jridgewell\/resolve-uri/,
    node: 24,
  },
];

// --- internal ---

function vite(command: string, port: number): string[] {
  const flags = ["--port", String(port), "--strictPort", "--host", "127.0.0.1"];
  return ["node_modules/vite/bin/vite.js", command, ...flags];
}

const root = resolve(".");

const NUXT_PACKAGE = {
  name: "app",
  type: "module",
  private: true,
  scripts: {
    build: "nuxt build",
    dev: "nuxt dev",
    generate: "nuxt generate",
    preview: "nuxt preview",
    postinstall: "nuxt prepare",
  },
  dependencies: { nuxt: "^4.4.5", vue: "^3.5.33", "vue-router": "^5.0.6" },
  // For `nuxi typecheck`, as Nuxt's documentation says.
  devDependencies: { typescript: "^6.0.3", "vue-tsc": "^3.3.14" },
};

const SOLID_PACKAGE = {
  name: "app",
  type: "module",
  private: true,
  scripts: { dev: "vite dev", build: "vite build", start: "node .output/server/index.mjs" },
  dependencies: {
    "@solidjs/router": "^1.0.0",
    "@solidjs/start": "^2.0.0",
    nitro: "^3.0.260610-beta",
    "solid-js": "^1.9.14",
    vite: "^8.0.0",
  },
  devDependencies: { typescript: "^6.0.3" },
  engines: { node: ">=24" },
};
