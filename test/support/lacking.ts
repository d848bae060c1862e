// What the bundle of an app with every plugin asks of its runtime and Convex's has not: where, and why that is harmless
// or what fails. The list may only become shorter; every-plugin.test.ts compares it with what the scan finds.

const GUARDED = "Asked for with typeof first; without it another way is taken.";
const OTHER_RUNTIMES = "Reached on that runtime only; `process.env` is there, and is asked first.";

export const LACKING: Readonly<Record<string, string>> = {
  // import(): refused in queries and mutations, allowed in HTTP actions.
  "import() in @better-auth/api-key/dist/index.mjs":
    "Refused in a query or mutation, so the action serves /api-key/* for a key that an organization owns; endpoints.test.ts calls them.",
  "import() in @better-auth/oauth-provider/dist/utils.mjs":
    "Refused in a query or mutation, so the action serves /oauth2/token, /introspect and /revoke of a client that signs its assertion; endpoints.test.ts calls them.",
  "import() in better-auth/dist/db/adapter-base.mjs":
    "Only without a database, for the one in memory; kitcn always gives one.",
  "import() in @better-auth/kysely-adapter/dist/index.mjs":
    "Only for a database of SQL; kitcn always gives its own adapter.",
  "import() in kitcn/dist/src/auth/cli-options.js":
    "Only for Better Auth's own CLI, which runs in Node.",
  "import() in kitcn/dist/src/auth/http/action-driver.js":
    "Only in the HTTP action, for a hook that runs after the commit.",
  "import() in kitcn/dist/src/auth/passwords/passwords.js":
    "Only in the HTTP action, when a run asks it about a password.",
  "import() in convex/generated/routes.ts":
    "Only in the HTTP action, when it has to serve a request itself.",

  // Web APIs
  "CompressionStream in jose/dist/webapi/lib/deflate.js":
    "FAILS by name: a JWE with `zip`. Better Auth makes none and reads its own only.",
  "DecompressionStream in jose/dist/webapi/lib/deflate.js": "As CompressionStream.",
  "navigator in jose/dist/webapi/jwks/remote.js": GUARDED,
  "navigator in zod/v4/core/util.js": GUARDED,
  "globalThis.navigator in @better-auth/core/dist/env/runtime.mjs":
    "Read with `?.`, to tell Cloudflare's runtime.",
  "window in @better-fetch/fetch/dist/index.js": GUARDED,
  "window in better-auth/dist/utils/url.mjs": GUARDED,
  "window in convex/dist/esm/server/impl/registration_impl.js": GUARDED,

  // Node
  "Buffer in kysely/dist/esm/util/object-utils.js": GUARDED,
  "Buffer in pvtsutils/build/index.js":
    "Only where atob and btoa do not exist. Part of passkey's certificates.",
  "globalThis.Buffer in @peculiar/utils/build/esm/encoding/base64.js":
    "Undefined, and then not used. Part of passkey's certificates.",
  "global in @peculiar/x509/build/x509.es.js": GUARDED,
  "global in reflect-metadata/Reflect.js": GUARDED,
  "scheduler in bcryptjs/index.js": GUARDED,
  "setImmediate in bcryptjs/index.js": GUARDED,

  // Other runtimes
  "Bun in @better-auth/core/dist/env/env-impl.mjs": OTHER_RUNTIMES,
  "Deno in @better-auth/core/dist/env/env-impl.mjs": OTHER_RUNTIMES,
  "globalThis.Deno in @better-auth/core/dist/env/env-impl.mjs": OTHER_RUNTIMES,
  "globalThis.__env__ in @better-auth/core/dist/env/env-impl.mjs": OTHER_RUNTIMES,
  "Bun in @better-auth/telemetry/dist/index.mjs": "Read on Bun only; telemetry is off by default.",
  "Deno in @better-auth/telemetry/dist/index.mjs":
    "Read on Deno only; telemetry is off by default.",
  "EdgeRuntime in jose/dist/webapi/jwks/remote.js": GUARDED,
  "WebSocketPair in jose/dist/webapi/jwks/remote.js": GUARDED,
  "msCrypto in reflect-metadata/Reflect.js": GUARDED,
  "globalThis.__zod_globalConfig in zod/v4/core/core.js": "A name that zod sets itself.",
  "globalThis.__zod_globalRegistry in zod/v4/core/registries.js": "A name that zod sets itself.",
};
