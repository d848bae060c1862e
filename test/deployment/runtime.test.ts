// The stand-in holds the rules of Convex's runtime: one test for each, with the file of Convex that it was read in.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import vm from "node:vm";
import { ConvexHttpClient } from "convex/browser";
import { ConvexError } from "convex/values";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { action, createApp, DEPLOY, mutation, query, type App } from "./app.js";
import { ABSENT, INHERITED, PRESENT } from "./globals.js";
import { startEmbedded, type Deployment } from "./index.js";
import { fails, moduleOf, table, type Rule } from "./rules.js";

const globals = [
  ...ABSENT.map((name): [string, string, unknown] => [
    `${name} does not exist`,
    `return "${name}" in globalThis;`,
    false,
  ]),
  ...[...PRESENT, ...INHERITED].map((name): [string, string, unknown] => [
    `${name} exists`,
    `return "${name}" in globalThis;`,
    true,
  ]),
];

const RULES: Rule[] = [
  ...table("runtime/setup.ts", "query", globals),
  ...table("runtime/setup.ts", "action", globals.slice(0, 8)),
  ...table("runtime/setup.ts", "query", [
    ["process has env and nothing else", "return Object.keys(process);", ["env"]],
    [
      "a variable that is set shows by its name only",
      `return ["SET" in process.env, Object.keys(process.env), process.env.SET];`,
      [false, [], "here"],
    ],
    ["self is the global object", "return self === globalThis;", true],
    [
      "the clock stands still",
      "const at = Date.now(); for (let n = 0; n < 1e7; n++); return Date.now() - at;",
      0,
    ],
    [
      "a class that extends Date makes plain dates",
      "class Own extends Date {} return new Own() instanceof Own;",
      false,
    ],
    ["WeakRef holds what it refers to", "return new WeakRef({ a: 1 }).deref();", { a: 1 }],
    [
      "what goes through the runtime has the function's own prototypes",
      `
      const bytes = new TextEncoder().encode("x");
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      let error: unknown; try { new URL("no url"); } catch (caught) { error = caught; }
      return [bytes instanceof Uint8Array, digest instanceof ArrayBuffer, error instanceof TypeError, (await new Response("x").arrayBuffer()) instanceof ArrayBuffer];`,
      [true, true, true, true],
    ],
  ]),
  ...table("runtime/02_console.ts", "query", [
    [
      "console has no table, group, dir, assert and count",
      "return ['table', 'group', 'dir', 'assert', 'count'].filter((name) => name in console);",
      [],
    ],
  ]),
  ...table("runtime/04_async_hooks.ts", "query", [
    [
      "AsyncLocalStorage keeps its store across awaits and syscalls",
      `
      const storage = new AsyncLocalStorage<number>();
      return storage.run(7, async () => { await null; await ctx.db.query("notes").first(); return storage.getStore(); });`,
      7,
    ],
  ]),

  ...(["query", "mutation", "action"] as const).flatMap((kind) =>
    table("isolate/client.rs", kind, [
      [
        `no code is made of text in a ${kind}`,
        `
        const make = [() => new Function("return 3"), () => (0, eval)("3"), () => Object.getPrototypeOf(async () => {}).constructor("return 3")];
        return make.map((one) => { try { return one(); } catch (error: any) { return [error instanceof EvalError, error.message]; } });`,
        Array.from({ length: 3 }, () => [
          true,
          "Code generation from strings disallowed for this context",
        ]),
      ],
    ]),
  ),
  ...table("isolate/isolate.rs", "query", [
    [
      "Atomics.wait does not wait",
      `try { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); } catch (error: any) { return [error instanceof TypeError, error.message]; }`,
      [true, "Atomics.wait cannot be called in this context"],
    ],
  ]),

  ...table("runtime/errors.ts", "query", [
    [
      "the stack of an error is its frames, without its message",
      `
      function inner() { return new Error("told"); }
      const lines = inner().stack!.split("\\n");
      Error.stackTraceLimit = 1;
      const few = inner().stack!.split("\\n").length;
      const held: { stack?: string } = {}; Error.captureStackTrace(held);
      return [/^ {4}at inner \\(/.test(lines[0]!), lines.some((line) => line.includes("told")), few, typeof held.stack];`,
      [true, false, 1, "string"],
    ],
  ]),

  // One context for each run
  ...table("isolate/environment/udf/mod.rs", "query", [
    [
      "a query starts with fresh modules",
      "return [(await import_state()).up(), (await import_state()).up()];".replaceAll(
        "(await import_state())",
        "state",
      ),
      [1, 2],
    ],
    ["and so does the next one", "return state.up();", 1],
    [
      "a query inside a query has its own modules",
      `
      state.up(); state.up();
      const inner = await ctx.runQuery(internal.state.read, {});
      return [inner, state.up()];`,
      [1, 3],
    ],
    [
      "what a query patches is gone in the query that it calls",
      `
      (Array.prototype as any).patched = true; (globalThis as any).patched = true; Date.now = () => 1;
      return ctx.runQuery(internal.state.patched, {});`,
      { array: false, global: false, now: false },
    ],
    [
      "and in the next one",
      "return ctx.runQuery(internal.state.patched, {});",
      { array: false, global: false, now: false },
    ],
    [
      "a query has the time of the one that it is called from",
      "return (await ctx.runQuery(internal.state.now, {})) === Date.now();",
      true,
    ],
  ]),
  ...table("isolate/environment/udf/mod.rs", "mutation", [
    [
      "a mutation inside a mutation has its own modules",
      `
      state.up();
      return [await ctx.runMutation(internal.state.change, {}), await ctx.runMutation(internal.state.change, {})];`,
      [1, 1],
    ],
  ]),
  ...table("isolate/environment/action/mod.rs", "action", [
    [
      "an action starts with fresh modules, also inside an action",
      `
      state.up();
      return [await ctx.runAction(internal.state.act, {}), await ctx.runAction(internal.state.act, {}), state.up()];`,
      [1, 1, 2],
    ],
    [
      "two actions at the same time do not see what the other patches",
      `
      const both = await Promise.all([ctx.runAction(internal.state.patches, {}), ctx.runAction(internal.state.patches, {})]);
      return both;`,
      [false, false],
    ],
  ]),
  ...table("isolate/environment/udf/phase.rs", "query", [
    [
      "while modules are loaded the clock shows when they were pushed",
      "return [state.loadedAt < Date.now(), state.loadedAt === (await ctx.runQuery(internal.state.loaded, {})).at];",
      [true, true],
    ],
    [
      "and chance is the same each time",
      "return state.drawn === (await ctx.runQuery(internal.state.loaded, {})).drawn;",
      true,
    ],
    [
      "while it runs it is not",
      "return Math.random() === (await ctx.runQuery(internal.state.draw, {}));",
      false,
    ],
  ]),
  ...table("isolate/timeout.rs", "query", [
    [
      "loading modules counts towards the second of a function, also in the functions that it calls",
      `
      for (let n = 0; n < 400; n++) await ctx.runQuery(internal.heavy.nothing, {});`,
      fails("Function execution timed out (maximum duration: 1s)"),
    ],
  ]),

  // import()
  ...(["query", "mutation"] as const).flatMap((kind) =>
    table("isolate/isolate.rs", kind, [
      [
        `import() is refused in a ${kind}`,
        `await import("./lazy");`,
        fails("TypeError: dynamic module import unsupported"),
      ],
      [
        `and a ${kind} can catch that`,
        `return import("./lazy").catch((error) => [error instanceof TypeError, error.message]);`,
        [true, "dynamic module import unsupported"],
      ],
    ]),
  ),
  ...table("isolate/request_scope.rs", "action", [
    ["import() works in an action", `return (await import("./lazy")).value;`, "loaded late"],
    [
      "a module that is imported twice is one",
      `return [(await import("./counter")).up(), (await import("./counter")).up(), state.up()];`,
      [1, 2, 3],
    ],
    [
      "each import of a module gives the same namespace",
      `const lazy = await import("./lazy"); return lazy === (await import("./lazy"));`,
      true,
    ],
    [
      "import() of a module that was not pushed is a rejection",
      `const name = "./nowhere"; return import(name).catch((error) => [error instanceof Error, error.message.slice(0, 40)]);`,
      [true, "Couldn't find JavaScript module 'nowhere"],
    ],
    [
      "import() of a package is a rejection",
      `const name = "crypto"; return import(name).catch((error) => error.message.slice(0, 28));`,
      'Relative import path "crypto',
    ],
  ]),
  ...table("isolate/isolate.rs", "query", [
    ["import.meta is refused", "return import.meta.url;", fails("import.meta unsupported")],
  ]),

  // Rejections that nobody handles
  ...(["query", "mutation", "action"] as const).flatMap((kind) =>
    table(
      kind === "action" ? "isolate/environment/action/mod.rs" : "isolate/environment/udf/mod.rs",
      kind,
      [
        [
          `a rejection that nobody handles fails a ${kind}`,
          `void Promise.reject(new Error("lost")); ${kind === "action" ? "await ctx.runQuery(internal.state.read, {});" : ""} return 1;`,
          fails("Uncaught Error: lost"),
        ],
        [
          `one that is handled in the same turn does not, in a ${kind}`,
          `const lost = Promise.reject(new Error("found")); await null; await null; return lost.catch((error) => error.message);`,
          "found",
        ],
      ],
    ),
  ),
  ...table("isolate/execution_scope.rs", "query", [
    [
      "one that is handled after a syscall comes too late",
      `
      const lost = Promise.reject(new Error("late"));
      await ctx.db.query("notes").first();
      return lost.catch(() => "caught");`,
      fails("Uncaught Error: late"),
    ],
    [
      "it fails the function even after the handler has returned",
      `
      void ctx.db.query("notes").first().then(() => { throw new Error("behind"); });
      return 1;`,
      fails("Uncaught Error: behind"),
    ],
  ]),
  ...table("isolate/termination.rs", "query", [
    [
      "it fails the function that it is in, whose caller can catch that",
      `
      return ctx.runQuery(internal.state.loses, {}).catch((error: Error) => error.message.includes("lost inside"));`,
      true,
    ],
  ]),

  // Promises that never settle
  ...(["query", "mutation"] as const).flatMap((kind) =>
    table("isolate/environment/udf/mod.rs", kind, [
      [
        `a ${kind} that waits for nothing fails`,
        "await new Promise(() => {});",
        fails("Returned promise will never resolve"),
      ],
      [
        `a promise that never settles is harmless once a ${kind} has returned`,
        "void (async () => { await new Promise(() => {}); })(); return 1;",
        1,
      ],
      [
        `a ${kind} that is called and waits for nothing fails alone`,
        `return ctx.runQuery(internal.state.waits, {}).catch((error: Error) => error.message.includes("never resolve"));`,
        true,
      ],
    ]),
  ),
  ...table("isolate/environment/action/mod.rs", "action", [
    [
      "an action that waits for nothing ends, at once instead of after half an hour",
      "await new Promise(() => {});",
      fails("Function execution timed out (maximum duration: 1800s)"),
    ],
    [
      "an action may wait for a timer",
      "return new Promise((resolve) => setTimeout(resolve, 20, 'fired'));",
      "fired",
    ],
    [
      "an action ends with its handler, whatever timers are left",
      "setTimeout(() => { throw new Error('never'); }, 50); return 1;",
      1,
    ],
  ]),

  // Syscalls that nobody waits for
  ...table("isolate/environment/udf/mod.rs", "mutation", [
    [
      "syscalls that nobody waits for are finished and committed",
      `
      void (async () => { const id = await ctx.db.insert("notes", { text: "dangling" }); await ctx.db.patch(id, { text: "dangled" }); })();
      return 1;`,
      1,
    ],
    [
      "a mutation that nobody waits for, too",
      `void ctx.runMutation(internal.state.insert, { text: "nested dangling" }); return 1;`,
      1,
    ],
    [
      "but not those of a function that throws",
      `
      void ctx.db.insert("notes", { text: "ghost" });
      throw new Error("after all");`,
      fails("after all"),
    ],
    [
      "nor those of a function inside, whose error is caught",
      `
      return ctx.runMutation(internal.state.dangles, {}).catch(() => "caught");`,
      "caught",
    ],
    [
      "all JavaScript that can run does before a syscall is executed",
      `
      const order: string[] = [];
      const read = ctx.db.query("notes").first().then(() => order.push("syscall"));
      for (let n = 0; n < 100; n++) await null;
      order.push("JavaScript"); await read;
      return order;`,
      ["JavaScript", "syscall"],
    ],
    [
      "syscalls come back in the order in which they were issued",
      `
      const order: number[] = [];
      const id = await ctx.db.insert("notes", { text: "order" });
      await Promise.all([ctx.runQuery(internal.state.slow, {}).then(() => order.push(1)), ctx.db.get(id).then(() => order.push(2)), ctx.db.delete(id).then(() => order.push(3))]);
      return order;`,
      [1, 2, 3],
    ],
  ]),

  // Timers and the network in queries and mutations
  ...table("runtime/02_timers.ts", "query", [
    [
      "setTimeout does not throw: its refusal cannot be caught",
      "try { setTimeout(() => {}, 1); } catch {} return 1;",
      fails("Can't use setTimeout in queries and mutations. Please consider using an action."),
    ],
    [
      "nor does setInterval",
      "try { setInterval(() => {}, 1); } catch {} return 1;",
      fails("Can't use setInterval in queries and mutations"),
    ],
    [
      "AbortSignal.timeout is a timer",
      "AbortSignal.timeout(5); return 1;",
      fails("Can't use setTimeout in queries and mutations"),
    ],
  ]),
  ...table("isolate/environment/async_op.rs", "query", [
    [
      "fetch is refused by a rejection",
      `return fetch("https://example.com").catch((error) => error.message.slice(0, 43));`,
      "Can't use fetch() in queries and mutations.",
    ],
    [
      "formData of a multipart body is refused",
      `
      const form = new FormData(); form.append("a", "b");
      return new Response(form).formData().catch((error) => error.message.slice(0, 46));`,
      "Can't use formData() in queries and mutations.",
    ],
    [
      "formData of a form's fields is not",
      `return [...(await new Request("https://a.b", { method: "POST", body: new URLSearchParams("a=1&b=2") }).formData()).entries()];`,
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
  ]),
  ...table("runtime/02_timers.ts", "action", [
    [
      "the id of a timer is a number",
      "const id = setTimeout(() => {}, 1); clearTimeout(id); return typeof id;",
      "number",
    ],
    [
      "an interval goes on until it is cleared",
      `
      let count = 0;
      return new Promise((resolve) => { const id = setInterval(() => { if (++count === 3) { clearInterval(id); resolve(count); } }, 1); });`,
      3,
    ],
    [
      "AbortSignal.timeout fires",
      `
      const signal = AbortSignal.timeout(5);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return [signal.aborted, signal.reason.name];`,
      [true, "TimeoutError"],
    ],
  ]),
  ...table("isolate/ops/subtle_crypto/mod.rs", "query", [
    [
      "generateKey is refused",
      `return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]).catch((error) => error.message.slice(0, 60));`,
      "Can't use cryptographic randomness in queries and mutations.",
    ],
    [
      "keys and parameters may be plain buffers",
      `
      const raw = new Uint8Array(32).buffer;
      const aes = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: new ArrayBuffer(12) }, aes, raw);
      const base = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveBits"]);
      const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new ArrayBuffer(8), info: new ArrayBuffer(0) }, base, 256);
      return [(await crypto.subtle.decrypt({ name: "AES-GCM", iv: new ArrayBuffer(12) }, aes, sealed)).byteLength, bits.byteLength];`,
      [32, 32],
    ],
    [
      "keys and signatures of RSA and Ed25519 work",
      `
      const jwk = { kty: "OKP", crv: "Ed25519", d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
      const key = await crypto.subtle.importKey("jwk", jwk, "Ed25519", true, ["sign"]);
      const exported = await crypto.subtle.exportKey("jwk", key);
      return [(await crypto.subtle.sign("Ed25519", key, new Uint8Array(1).buffer)).byteLength, exported.x === jwk.x, Object.getPrototypeOf(exported) === Object.prototype, Object.prototype.toString.call(key)];`,
      [64, true, true, "[object CryptoKey]"],
    ],
    [
      "a key is a CryptoKey",
      `
      const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt"]);
      return [key instanceof CryptoKey, {} instanceof CryptoKey];`,
      [true, false],
    ],
    [
      "what fails is a DOMException, also without a code",
      `
      const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["decrypt"]);
      const failed = await crypto.subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, new Uint8Array(32)).catch((error) => error);
      return [failed instanceof DOMException, failed instanceof Error, failed.name, failed.code];`,
      [true, true, "OperationError", 0],
    ],
    [
      "a key that may not leave is refused as an InvalidAccessError",
      `
      const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["decrypt"]);
      const failed = await crypto.subtle.exportKey("raw", key).catch((error) => error);
      return [failed instanceof DOMException, failed.name, failed.code];`,
      [true, "InvalidAccessError", 15],
    ],
    [
      "HMAC, AES-GCM and digests work",
      `
      const raw = new Uint8Array(32);
      const mac = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      const aes = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, aes, raw);
      return [(await crypto.subtle.sign("HMAC", mac, raw)).byteLength, sealed.byteLength, (await crypto.subtle.digest("SHA-1", raw)).byteLength];`,
      [32, 48, 20],
    ],
  ]),
  ...table("runtime/00_crypto.ts", "query", [
    [
      "getRandomValues refuses more than 65,536 bytes",
      "crypto.getRandomValues(new Uint8Array(65537));",
      fails("exceeds the number of bytes of entropy"),
    ],
    [
      "randomUUID gives a UUID",
      "return /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID());",
      true,
    ],
  ]),

  // What is not implemented ends the function
  ...[
    "destination",
    "referrer",
    "referrerPolicy",
    "mode",
    "credentials",
    "cache",
    "redirect",
    "integrity",
    "keepalive",
    "duplex",
  ].flatMap((name) =>
    table("runtime/23_request.ts", "action", [
      [
        `reading ${name} of a Request cannot be caught`,
        `try { void (new Request("https://example.com") as any).${name}; } catch {} return 1;`,
        fails(
          `Not implemented: get ${name} for Request. Consider calling an action defined in Node.js instead`,
        ),
      ],
    ]),
  ),
  ...table("runtime/00_url.ts", "query", [
    [
      "setting host, username and password of a URL is not implemented",
      `try { new URL("https://a.b").host = "c"; } catch {} return 1;`,
      fails("Not implemented: set host for URL"),
    ],
  ]),
  ...table("runtime/00_crypto.ts", "query", [
    [
      "wrapKey is not implemented",
      "return (crypto.subtle as any).wrapKey().catch(() => 1);",
      fails("Not implemented: wrapKey for SubtleCrypto"),
    ],
  ]),
  ...table("runtime/02_structured_clone.ts", "query", [
    [
      "structuredClone copies",
      `const date = new Date(5); const copy = structuredClone({ a: [date, new Map([[1, new Set([2])]]), new Uint8Array([3])] }); return [copy.a[0] !== date, (copy.a[0] as Date).getTime(), copy.a[1] instanceof Map, [...(copy.a[2] as Uint8Array)]];`,
      [true, 5, true, [3]],
    ],
    [
      "structuredClone keeps the kind of an error",
      `const copy = structuredClone(new RangeError("too far")); return [copy instanceof RangeError, copy.name, copy.message];`,
      [true, "RangeError", "too far"],
    ],
    [
      "structuredClone refuses by a plain error",
      `return [() => {}, Symbol("s"), Promise.resolve(), new WeakMap()].map((one) => { try { structuredClone(one); } catch (error: any) { return [error.name, error.message]; } });`,
      Array.from({ length: 4 }, () => ["Error", "could not deserialize value"]),
    ],
    [
      "structuredClone with transfer is not implemented",
      "try { structuredClone(1, { transfer: [] }); } catch {} return 1;",
      fails("structuredClone with transfer not supported"),
    ],
  ]),
  ...table("runtime/23_response.ts", "query", [
    [
      "a Response of anything else than a body is not implemented",
      "try { new Response({} as any); } catch {} return 1;",
      fails(
        "Not implemented: constructor with body type other than string | ArrayBuffer | Blob | ReadableStream | null for Response",
      ),
    ],
  ]),
  ...table("isolate/termination.rs", "query", [
    [
      "it ends the function that it is in, whose caller can catch that",
      `return ctx.runQuery(internal.state.unimplemented, {}).catch((error: Error) => error.message.includes("Not implemented: get credentials"));`,
      true,
    ],
  ]),

  // Web classes
  ...table("runtime/20_headers.ts", "query", [
    [
      "headers keep their order, and equal names are not joined",
      `const headers = new Headers([["B", "1"], ["a", "2"], ["b", "3"]]); return [[...headers], headers.get("b"), [...headers.keys()]];`,
      [
        [
          ["b", "1"],
          ["a", "2"],
          ["b", "3"],
        ],
        "1, 3",
        ["b", "a", "b"],
      ],
    ],
    [
      "a value is neither trimmed nor checked",
      `return new Headers({ a: "  x\\n" }).get("a");`,
      "  x\n",
    ],
    ["a name is", `new Headers({ "a b": "x" });`, fails("Invalid name")],
    ["a Map has no headers", `return [...new Headers(new Map([["a", "b"]]) as any)];`, []],
    [
      "getSetCookie gives each cookie",
      `const headers = new Headers(); headers.append("Set-Cookie", "a=1"); headers.append("set-cookie", "b=2"); return [headers.getSetCookie(), headers.get("set-cookie")];`,
      [["a=1", "b=2"], "a=1, b=2"],
    ],
    ["null has no headers", "return [...new Headers(null as any)];", []],
  ]),
  ...table("runtime/23_request.ts", "query", [
    ["a relative URL is refused", `new Request("/path");`, fails("Invalid URL: '/path'")],
    [
      "so is another scheme",
      `new Request("file:///etc");`,
      fails("Unsupported URL scheme -- http and https are supported (scheme was file)"),
    ],
    [
      "GET has no body",
      `new Request("https://a.b", { body: "x" });`,
      fails("Request with GET/HEAD method cannot have body."),
    ],
    [
      "only known methods are put in capitals",
      `return ["patch", "purge"].map((method) => new Request("https://a.b", { method }).method);`,
      ["PATCH", "purge"],
    ],
    [
      "a body is read once",
      `const request = new Request("https://a.b", { method: "POST", body: "x" }); await request.text(); await request.json();`,
      fails("Failed to execute 'json' on 'Request': body stream already read"),
    ],
    [
      "no body is read as often as one likes",
      `const request = new Request("https://a.b"); return [await request.text(), await request.text(), request.body, request.bodyUsed];`,
      ["", "", null, false],
    ],
    [
      "a Request of a Request takes its body over",
      `const one = new Request("https://a.b", { method: "POST", body: "x", headers: { a: "b" } }); const two = new Request(one); return [one.bodyUsed, await two.text(), two.method, two.headers.get("a")];`,
      [true, "x", "POST", "b"],
    ],
    [
      "a clone has the body, and not the signal",
      `const { signal } = new AbortController(); const one = new Request("https://a.b", { method: "POST", body: "x", signal }); const two = one.clone(); return [await one.text(), await two.text(), one.signal === signal, two.signal === signal];`,
      ["x", "x", true, false],
    ],
    [
      "a body brings its content type",
      `const type = (body: BodyInit) => new Request("https://a.b", { method: "POST", body }).headers.get("content-type"); return [type("x"), type(new URLSearchParams("a=1")), type(new Blob(["x"], { type: "A/b" })), type(new Uint8Array(1)), type(new FormData())!.slice(0, 30)];`,
      [
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded;charset=UTF-8",
        "a/b",
        null,
        "multipart/form-data; boundary=",
      ],
    ],
    [
      "a body of a stream is read",
      `const body = new ReadableStream({ start: (controller) => { controller.enqueue(new TextEncoder().encode("a")); controller.enqueue(new TextEncoder().encode("b")); controller.close(); } }); return new Request("https://a.b", { method: "POST", body }).text();`,
      "ab",
    ],
    ["it has no bytes()", `return typeof (new Request("https://a.b") as any).bytes;`, "undefined"],
  ]),
  ...table("runtime/23_response.ts", "query", [
    [
      "a status below 200 or above 599 is refused",
      "new Response(null, { status: 101 });",
      fails(
        "RangeError: Failed to construct 'Response': The status provided is outside the range [200, 599].",
      ),
    ],
    [
      "a redirect may be relative, and its status anything",
      `const response = Response.redirect("/in", 200); return [response.status, response.headers.get("location")];`,
      [200, "/in"],
    ],
    ["Response.error() is a 500", "return Response.error().status;", 500],
    [
      "Response.json() says so, whatever its options say",
      `return Response.json({ a: 1 }, { headers: { "content-type": "text/x" } }).headers.get("content-type");`,
      "application/json",
    ],
    [
      "a body is read once",
      `const response = new Response("x"); await response.text(); await response.text();`,
      fails("Failed to execute 'text' on 'Response': body stream already read"),
    ],
    ["a 204 may have a body", `return new Response("x", { status: 204 }).text();`, "x"],
    [
      "its body is a stream",
      `const reader = new Response("xy").body!.getReader(); const { value } = await reader.read(); return [new TextDecoder().decode(value), (await reader.read()).done];`,
      ["xy", true],
    ],
  ]),
  ...table("runtime/00_url.ts", "query", [
    [
      "a URL's parts can be changed, and its parameters with it",
      `const url = new URL("https://u:p@a.b:8/c?x=1#h"); url.pathname = "/d"; url.searchParams.set("y", "2 3"); url.hash = ""; url.port = "9"; return [url.href, url.origin, url.search, url.username];`,
      ["https://u:p@a.b:9/d?x=1&y=2+3", "https://a.b:9", "?x=1&y=2+3", "u"],
    ],
    [
      "a bad URL is a TypeError that names it",
      `new URL("no");`,
      fails("TypeError: Invalid URL: 'no'"),
    ],
    [
      "the parameters' has() looks at the name only",
      `return (new URLSearchParams("a=1") as any).has("a", "2");`,
      true,
    ],
    [
      "they have no size, and a Map has none of them",
      `const all = new URLSearchParams(new Map([["a", "b"]]) as any); return ["size" in all, all.toString()];`,
      [false, ""],
    ],
    [
      "the origin of another scheme is null",
      `return [new URL("app://a.b/c").origin, URL.canParse("x"), URL.parse("x")];`,
      ["null", false, null],
    ],
  ]),
  ...table("runtime/08_text_encoding.ts", "query", [
    [
      "a fatal decoder gives undefined for bytes that it refuses",
      `return String(new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])));`,
      "undefined",
    ],
    [
      "atob refuses by a DOMException",
      `try { atob("*"); } catch (error: any) { return [error instanceof DOMException, error instanceof Error, error.name]; }`,
      [true, true, "InvalidCharacterError"],
    ],
    [
      "atob takes too little padding, but not too much",
      `return ["Qx==", "Qx=", "Qx", "Q x", "Qx===", "QxQx=", "Q=x="].map((text) => { try { return atob(text); } catch { return null; } });`,
      ["C", "C", "C", "C", null, null, null],
    ],
    [
      "ascii and latin1 are windows-1252",
      `const bytes = new Uint8Array([0x80, 0x89, 0xe9]); return ["ascii", "latin1", "iso-8859-1"].map((name) => [new TextDecoder(name).encoding, new TextDecoder(name).decode(bytes)]);`,
      Array.from({ length: 3 }, () => ["windows-1252", "\u20ac\u2030\u00e9"]),
    ],
    ["btoa and atob", `return [btoa("a\\xff"), atob(" YQ == ")];`, ["Yf8=", "a"]],
  ]),
  ...table("runtime/02_event.ts", "query", [
    [
      "an event that nobody handles yet tells that, by getters of its own",
      `const event = new Event("x"); const own = (one: Event) => Object.getOwnPropertyDescriptor(one, "isTrusted")?.get; return [event.composedPath(), event.cancelBubble, event.returnValue, event.eventPhase, event.currentTarget, own(event) === own(new Event("y"))];`,
      [[], false, true, 0, null, true],
    ],
    [
      "an event knows its target while listeners are called, and afterwards",
      `
      const target = new EventTarget(); const seen: unknown[] = [];
      target.addEventListener("x", (event) => seen.push(event.eventPhase, event.currentTarget === target, event.composedPath()[0] === target));
      const event = new Event("x"); target.dispatchEvent(event);
      return [...seen, event.eventPhase, event.currentTarget, event.target === target];`,
      [2, true, true, 0, null, true],
    ],
    [
      "an event cannot be dispatched while it is",
      `
      const target = new EventTarget(); let name = "";
      target.addEventListener("x", (event) => { try { target.dispatchEvent(event); } catch (error: any) { name = error.name; } });
      target.dispatchEvent(new Event("x")); return name;`,
      "InvalidStateError",
    ],
    [
      "a passive listener prevents nothing",
      `
      const target = new EventTarget(); const event = new Event("x", { cancelable: true });
      target.addEventListener("x", (one) => one.preventDefault(), { passive: true });
      return [target.dispatchEvent(event), event.defaultPrevented];`,
      [true, false],
    ],
    [
      "methods of an EventTarget that are called on nothing mean the global object",
      `
      const { addEventListener, removeEventListener, dispatchEvent } = EventTarget.prototype; let calls = 0; const count = () => void calls++;
      addEventListener("x", count); globalThis.dispatchEvent(new Event("x")); dispatchEvent(new Event("x"));
      removeEventListener("x", count); dispatchEvent(new Event("x")); return calls;`,
      2,
    ],
  ]),
  ...table("runtime/03_abort_signal.ts", "query", [
    [
      "a signal is made by its constructor, and is not an EventTarget",
      `const controller = new AbortController(); controller.abort("why"); return [new AbortSignal() instanceof EventTarget, controller.signal.aborted, controller.signal.reason];`,
      [false, true, "why"],
    ],
    [
      "AbortSignal has timeout and any, and no abort",
      `return ["timeout", "any", "abort"].map((name) => name in AbortSignal);`,
      [true, true, false],
    ],
  ]),
  ...table("runtime/21_formdata.ts", "action", [
    [
      "a form goes through a multipart body",
      `
      const form = new FormData(); form.append("a", "1"); form.append("f", new Blob(["bytes"], { type: "a/b" }), "name.txt");
      const back = await new Response(form).formData();
      const file = back.get("f") as File;
      return [back.get("a"), file.name, file.type, await file.text(), file instanceof Blob];`,
      ["1", "name.txt", "a/b", "bytes", true],
    ],
  ]),

  // fetch
  ...table("runtime/26_fetch.ts", "action", [
    [
      "a redirect is followed",
      "const response = await fetch(`${args.base}/redirect`); return [response.status, response.redirected, await response.text()];",
      [200, true, "GET end"],
    ],
    [
      'redirect: "manual" gives the redirect itself',
      "const response = await fetch(`${args.base}/redirect`, { redirect: 'manual' }); return [response.status, response.headers.get('location'), response.type];",
      [302, "/end", "basic"],
    ],
    [
      'redirect: "error" is an error',
      "await fetch(`${args.base}/redirect`, { redirect: 'error' });",
      fails("TypeError: fetch attempted redirect"),
    ],
    [
      "redirect of a Request counts for nothing",
      "return (await fetch(new Request(`${args.base}/redirect`, { redirect: 'manual' }))).status;",
      200,
    ],
    [
      "a Request as options cannot be caught: its redirect is read",
      "try { await fetch(`${args.base}/end`, new Request(`${args.base}/end`) as any); } catch {} return 1;",
      fails("Not implemented: get redirect for Request"),
    ],
    [
      "POST becomes GET after 302, and loses its body",
      "return (await fetch(`${args.base}/redirect`, { method: 'POST', body: 'x' })).text();",
      "GET end",
    ],
    [
      "another origin gets no Authorization",
      "return (await fetch(`${args.base}/away`, { headers: { authorization: 'secret' } })).text();",
      "none",
    ],
    [
      "the same one does",
      "return (await fetch(`${args.base}/back`, { headers: { authorization: 'secret' } })).text();",
      "secret",
    ],
    [
      "a signal ends a fetch",
      `
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);
      return fetch(\`\${args.base}/never\`, { signal: controller.signal }).catch((error) => [error instanceof DOMException, error.name, error.message]);`,
      [true, "AbortError", "The signal has been aborted"],
    ],
    [
      "a signal that was aborted before does not",
      "const controller = new AbortController(); controller.abort(); return (await fetch(`${args.base}/end`, { signal: controller.signal })).status;",
      200,
    ],
    [
      "nothing of credentials, mode and cache is sent or refused",
      "return (await fetch(`${args.base}/end`, { credentials: 'include', mode: 'cors', cache: 'no-store' } as any)).status;",
      200,
    ],
    [
      "a body arrives as it is",
      "return (await fetch(`${args.base}/echo`, { method: 'POST', body: new Uint8Array([1, 2, 255]) })).arrayBuffer().then((bytes) => [...new Uint8Array(bytes)]);",
      [1, 2, 255],
    ],
    [
      "what the network says is an Error",
      "await fetch('http://127.0.0.1:1');",
      fails("Error: fetch failed"),
    ],
  ]),
];

const STATE = `import { v } from "convex/values";
import { internalAction, internalMutation, internalQuery } from "./_generated/server";
import { drawn, loadedAt, up } from "./counter";
const isPatched = () => ({ array: "patched" in Array.prototype, global: "patched" in globalThis, now: Date.now() === 1 });
export const read = internalQuery({ handler: async () => up() });
export const change = internalMutation({ handler: async () => up() });
export const act = internalAction({ handler: async () => up() });
export const patched = internalQuery({ handler: async () => isPatched() });
export const now = internalQuery({ handler: async () => Date.now() });
export const loaded = internalQuery({ handler: async () => ({ at: loadedAt, drawn }) });
export const draw = internalQuery({ handler: async () => Math.random() });
export const patches = internalAction({ handler: async () => {
  const before = "patched" in globalThis;
  (globalThis as any).patched = true;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return before;
} });
export const loses = internalQuery({ handler: async () => { void Promise.reject(new Error("lost inside")); } });
export const waits = internalQuery({ handler: () => new Promise(() => {}) });
export const slow = internalQuery({ handler: async (ctx) => { for (let n = 0; n < 5; n++) await ctx.db.query("notes").first(); } });
export const insert = internalMutation({ args: { text: v.string() }, handler: async (ctx, { text }) => void (await ctx.db.insert("notes", { text })) });
export const dangles = internalMutation({ handler: async (ctx) => { void ctx.db.insert("notes", { text: "nested ghost" }); throw new Error("inside"); } });
export const unimplemented = internalQuery({ handler: async () => { try { void new Request("https://a.b").credentials; } catch {} } });
`;

const files = {
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ notes: defineTable({ text: v.string() }) });`,
  "convex/counter.ts": `let count = 0;
export const up = () => ++count;
export const loadedAt = Date.now();
export const drawn = Math.random();`,
  "convex/state.ts": STATE,
  "convex/lazy.ts": `export const value = "loaded late";`,
  "convex/heavy.ts": `import { internal } from "./_generated/api";
import { internalQuery, query } from "./_generated/server";
let sum = 0;
for (let n = 0; n < 2e7; n++) sum += n % 7;
export const nothing = internalQuery({ handler: async () => null });
export const twice = query({ handler: (ctx): Promise<null> => ctx.runQuery((internal as any).heavy.nothing, {}) });
export const total = sum;`,
  "convex/rules.ts": `import * as state from "./counter";\n${moduleOf(RULES)}`,
  "convex/notes.ts": `import { mutation, query } from "./_generated/server";
import { ConvexError } from "convex/values";
export const globals = query({ handler: async () => Object.getOwnPropertyNames(globalThis).filter((name) => name !== "__import_meta") });
export const texts = query({ handler: async (ctx) => (await ctx.db.query("notes").collect()).map(({ text }) => text) });
export const loses = mutation({ handler: async (ctx) => { await ctx.db.insert("notes", { text: "lost" }); void Promise.reject(new ConvexError({ why: "lost" })); } });`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { httpAction } from "./_generated/server";
const http = httpRouter();
const get = (path: string, handler: any) => http.route({ path, method: "GET", handler: httpAction(handler) });
get("/import", async () => new Response((await import("./lazy")).value));
get("/wrong", async () => "no response" as never);
get("/stream", async () => new Response(new ReadableStream({ async start(controller) {
  for (const part of ["a", "b"]) { await new Promise((resolve) => setTimeout(resolve, 5)); controller.enqueue(new TextEncoder().encode(part)); }
  controller.close();
} })));
get("/never", () => new Promise(() => {}));
export default http;`,
};

let app: App;
let deployment: Deployment;
let server: Server;
let other: Server;
let base: string;
const client = () => new ConvexHttpClient(deployment.url);

beforeAll(async () => {
  other = await serve((request, response) => response.end(request.headers.authorization ?? "none"));
  server = await serve(async (request, response) => {
    if (request.url === "/never") return;
    if (request.url === "/redirect") return response.writeHead(302, { location: "/end" }).end();
    if (request.url === "/back") return response.writeHead(307, { location: "/mine" }).end();
    if (request.url === "/mine") return response.end(request.headers.authorization ?? "none");
    if (request.url === "/away")
      return response.writeHead(302, { location: addressOf(other) }).end();
    if (request.url === "/echo") return request.pipe(response);
    response.end(`${request.method} end`);
  });
  base = addressOf(server);
  app = await createApp(files);
  deployment = await startEmbedded();
  await app.convex(deployment.cliEnv, "env", "set", "SET", "here");
  const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(async () => {
  for (const one of [server, other]) {
    one?.closeAllConnections();
    one?.close();
  }
  await deployment?.stop();
});

const call = ({ kind }: Rule, at: number): Promise<unknown> => {
  const name = `rules:r${at}`;
  if (kind === "query") return client().query(query(name), { base });
  if (kind === "mutation") return client().mutation(mutation(name), { base });
  return client().action(action(name), { base });
};

test.each(RULES.map((rule, at) => ({ ...rule, at })))(
  "$kind: $rule ($from)",
  async ({ at, want, ...rule }) => {
    const called = call({ ...rule, want }, at);
    if ("error" in want) await expect(called).rejects.toThrow(want.error);
    else expect(await called).toEqual(want.value);
  },
);

// runtime/setup.ts
test("nothing else is global", async () => {
  const names = (await client().query(query("notes:globals"), {})) as string[];
  const language = vm.runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[];
  const others = names.filter((name) => !language.includes(name) || name === "console");
  expect(others.sort()).toEqual([...PRESENT].sort());
});

test("the CPU time of a function is counted, with that of loading its modules", async () => {
  await deployment.resetCounters();
  await client().query(query("heavy:twice"), {});
  expect((await deployment.counters()).mostCpuMs).toBeGreaterThan(0);
});

describe("what is left behind", () => {
  // isolate/environment/udf/mod.rs: the loop ends when no syscall is pending, and stops at once when the handler threw.
  test("dangling writes are there, those of functions that threw are not", async () => {
    const texts = (await client().query(query("notes:texts"), {})) as string[];
    expect(texts.filter((text) => text !== "order").sort()).toEqual(["dangled", "nested dangling"]);
  });

  // isolate/termination.rs
  test("a rejection that nobody handles undoes the mutation, and its data arrives", async () => {
    const lost = client().mutation(mutation("notes:loses"), {});
    await expect(lost).rejects.toThrow(ConvexError);
    await expect(lost).rejects.toMatchObject({ data: { why: "lost" } });
    expect(await client().query(query("notes:texts"), {})).not.toContain("lost");
  });
});

describe("HTTP actions", () => {
  const get = async (path: string) => {
    const response = await fetch(deployment.siteUrl + path);
    return [response.status, await response.text()];
  };

  // isolate/request_scope.rs
  test("may import()", async () => expect(await get("/import")).toEqual([200, "loaded late"]));

  // runtime/23_response.ts
  test("must return a Response", async () => {
    const [status, text] = await get("/wrong");
    expect(status).toBe(500);
    expect(text).toContain("HTTP actions must return a Response");
  });

  // isolate/environment/action/mod.rs
  test("go on until their body is sent", async () =>
    expect(await get("/stream")).toEqual([200, "ab"]));
  test("that wait for nothing end", async () => expect((await get("/never"))[0]).toBe(500));
  test("that no route matches are a 404", async () =>
    expect(await get("/nothing")).toEqual([404, "No matching routes found"]));
});

describe("a push", () => {
  // isolate/execution_scope.rs
  test("is refused for a module with an await at its top", async () => {
    await app.write("convex/waits.ts", "export const value = await Promise.resolve(1);");
    const refused = await app.convex(deployment.cliEnv, ...DEPLOY);
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("Top-level awaits in source files are unsupported");
    await app.write("convex/waits.ts", "export {};");
  });

  // npm-packages/node-executor: modules with "use node" run in Node.
  test('lets a module with "use node" have Node\'s globals', async () => {
    await app.write(
      "convex/nodes.ts",
      `"use node";
import { createHash } from "node:crypto";
import { access } from "node:fs";
import { readFile } from "node:fs/promises";
import { action } from "./_generated/server";
import { internal } from "./_generated/api";
export const run = action({ handler: async (ctx): Promise<unknown> => [
  typeof Buffer, typeof queueMicrotask, createHash("sha256").update("x").digest("hex").length, process.env.SET,
  await ctx.runQuery((internal as any).state.read, {}),
] });
export const reads = action({ handler: async (): Promise<boolean> => (await readFile("package.json")).length > 0 });
export const throwsLate = action({ handler: () => new Promise(() => access("nothing", () => { throw new Error("too late"); })) });
export const rejectsAside = action({ handler: () => { void Promise.reject(new Error("aside")); return new Promise((resolve) => setTimeout(resolve, 5000)); } });
export const waitsForNothing = action({ handler: () => new Promise(() => {}) });
export const stack = action({ handler: (): string => new Error("told").stack! });
export const times = action({ handler: () => { console.time("own"); console.time("own"); console.timeLog("own", "x"); console.timeEnd("own"); console.timeEnd("own"); } });`,
    );
    const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
    expect(pushed, pushed.text).toMatchObject({ code: 0 });
    const result = await client().action(action("nodes:run"), {});
    expect(result).toEqual(["function", "function", 64, "here", 1]);
    // npm-packages/node-executor/src/executor.ts
    const run = (name: string) => client().action(action(`nodes:${name}`), {});
    expect(await run("reads")).toBe(true);
    await expect(run("throwsLate")).rejects.toThrow("Uncaught uncaughtException: too late");
    await expect(run("rejectsAside")).rejects.toThrow("Uncaught unhandledRejection: aside");
    await expect(run("waitsForNothing")).rejects.toThrow(
      "Action `waitsForNothing` execution timed out (maximum duration 600s)",
    );
    expect(await run("stack")).toMatch(/^Error: told\n {4}at .*\(convex:\/user\/nodes\.js:/);
    await run("times");
    const lines = deployment.logs().filter((line) => line.startsWith("nodes:times "));
    expect(lines.map((line) => line.replace(/\d+ms/, "1ms").slice("nodes:times ".length))).toEqual([
      `[WARN] "Timer 'own' already exists"`,
      "[INFO] 'own: 1ms' 'x'",
      "[INFO] 'own: 1ms'",
      `[WARN] "Timer 'own' does not exist"`,
    ]);
  });
});

// --- internal ---

async function serve(answer: Parameters<typeof createServer>[1]): Promise<Server> {
  const made = createServer(answer);
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return made;
}

function addressOf(one: Server): string {
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`; // it listens on a port
}
