// What the deployment and the threads that run its code say to each other. Plain data only: it is cloned.
import type { JSONValue } from "convex/values";
import type { PushedApp, PushedComponent, PushedModule } from "./components.js";
import type { Frame } from "./guest/stack.js";
import type { FunctionKind, ModuleSource } from "./isolate.js";

export type Modules = ReadonlyMap<string, ModuleSource>;
/** Modules by component path; the app's is "". */
export type Packages = ReadonlyMap<string, Modules>;
export type Env = ReadonlyMap<string, string>;

/** What a thread is started with. */
export type ThreadData = {
  packages: Packages;
  /** When the code was pushed, in ms: what the clock says while modules are loaded. */
  importedAt: number;
  importSeed: number;
};

/** A header's name and value; a name may come several times. */
export type HttpRequest = {
  url: string;
  method: string;
  headers: [string, string][];
  body: Uint8Array | null;
};
export type HttpResponse = { status: number; headers: [string, string][]; body: Uint8Array };

export type Job =
  | {
      kind: "evaluate";
      app: PushedApp & { functions: PushedModule[] };
      components: PushedComponent[];
      env: Env;
    }
  | { kind: "providers"; modules: Modules; env: Env }
  | {
      kind: "function";
      component: string;
      module: string;
      name: string;
      as: FunctionKind;
      /** Called by a query or mutation, in its transaction. */
      isNested: boolean;
      args: JSONValue;
      env: Env;
    }
  /** `route`: the path as the routes of the component's http.ts have it. */
  | { kind: "http"; component: string; request: HttpRequest; route: string; env: Env };

/** An error that crosses. `data` is what a ConvexError carried. */
export type Thrown = {
  name: string;
  message: string;
  code?: string;
  data?: JSONValue;
  /** Its stack, in what runs. */
  at: Frame[];
};

export type ToThread =
  | { kind: "job"; id: number; job: Job }
  /** Nobody waits for this job any more, and nothing it asks is answered. */
  | { kind: "abandon"; id: number }
  | { kind: "reply"; call: number; value: JSONValue }
  | { kind: "refusal"; call: number; message: string; data?: JSONValue };

export type FromThread =
  | { kind: "ready"; stat: string | undefined }
  | { kind: "done"; id: number; value: unknown }
  | { kind: "failed"; id: number; error: Thrown }
  /** Without `call` no reply is awaited. */
  | { kind: "syscall"; id: number; call?: number; op: string; args: Record<string, unknown> }
  | { kind: "log"; id: number; level: string; text: string };
