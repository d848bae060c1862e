// Runs a flow in memory, over a store that plans each query and keeps those that read a whole table.
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { bearer } from "better-auth/plugins";
import { authAdapter } from "../../../src/adapter/adapter.js";
import { authDb } from "../auth-db.js";
import { recordingStore, type Recording } from "../recording-store.js";
import { openWorld, ORIGIN, type Flow } from "./world.js";

/** What the queries of a flow were. */
export async function recordFlow({ options, run }: Flow): Promise<Recording> {
  const sent: string[] = [];
  const given = options(sent);
  const all: BetterAuthOptions = { ...given, plugins: [bearer(), ...(given.plugins ?? [])] };
  const { tables, store } = authDb(all);
  const recording = recordingStore(store, tables);
  const auth = betterAuth({
    baseURL: ORIGIN,
    secret: "f2b1c0e64d5a4f0e9b7c8d3a2e1f0a9b8c7d6e5f",
    emailAndPassword: {
      enabled: true,
      sendResetPassword: async ({ token }) => void sent.push(token),
    },
    user: { deleteUser: { enabled: true }, changeEmail: { enabled: true } },
    ...all,
    database: authAdapter({
      tables,
      stores: { app: recording.store, component: recording.store },
      transaction: (work, adapter) => work(adapter),
    }),
    advanced: { database: { joins: true }, ...all.advanced },
  });
  await run(
    openWorld({
      base: ORIGIN,
      serve: auth.handler,
      lastSent: async () => sent.at(-1) ?? "",
    }),
  );
  return recording;
}
