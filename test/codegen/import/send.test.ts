// How large the batches of an import are, in bytes of the whole argument: the convex CLI takes no more.
import { expect, test } from "vitest";
import { getAuthTables } from "better-auth/db";
import { importTooLarge } from "../../../codegen/errors/import.js";
import { sendSource } from "../../../codegen/import/send.js";
import { surveySource } from "../../../codegen/import/survey.js";
import type { Transport } from "../../../codegen/import/transport.js";
import { verifyImport } from "../../../codegen/import/verify.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import type { ImportBatch, ImportRow, ImportState } from "../../../src/import/types.js";

const MAX_BYTES = 20_000;
const USERS = 60;

const source = getAuthTables({
  user: { additionalFields: { bio: { type: "string", required: false } } },
});
const { tables } = planTables(source, { placement: "app" });
const fit = { tables, source, defaults: new Map<string, string>() };

const STEPS = [
  {
    name: "users.csv",
    records: async function* () {
      for (let at = 0; at < USERS; at++) yield { at };
    },
    plan: ({ at }: { readonly at?: unknown }) => ({
      rows: [
        {
          model: "user",
          oldId: String(at),
          fields: { email: `u${String(at)}@b.co`, name: "A", bio: "漢字".repeat(500) },
        },
      ],
    }),
  },
];

/** A deployment that takes every batch, unless `refuses`. */
function deployment(refuses: (name: string, bytes: number) => boolean) {
  const sizes: number[] = [];
  const sent: ImportRow[] = [];
  let state: ImportState | null = null;
  const call = (name: string, args: object): Promise<unknown> => {
    const bytes = Buffer.byteLength(JSON.stringify(args));
    if (refuses(name, bytes)) return Promise.reject(importTooLarge());
    sizes.push(bytes);
    if (name === "importState") return Promise.resolve(state);
    if (name === "importCount")
      return Promise.resolve({ counts: { user: { created: sent.length } }, cursor: null });
    if (name === "importCompare") {
      const { rows } = args as { rows: readonly ImportRow[] }; // as verify.ts sends it
      return Promise.resolve(
        rows.map((row) => ({ ...row, isKnown: true, isThere: true, differing: [] })),
      );
    }
    const { batch } = args as { batch: ImportBatch }; // as send.ts sends it
    sent.push(...batch.rows);
    state = {
      ...{ source: batch.source, file: batch.file, position: batch.to, isDone: batch.isLast },
      counts: { user: { created: sent.length, linked: 0, known: 0, dropped: {} } },
      dropped: [],
    };
    return Promise.resolve(state);
  };
  const transport: Transport = { maxBytes: MAX_BYTES, call };
  return { transport, sizes, sent };
}

async function importInto(transport: Transport) {
  const survey = await surveySource(STEPS, { ...fit, onRecord: () => {} });
  const input = { steps: STEPS, fit, transport, source: "csv", file: "f".repeat(3000) };
  const state = await sendSource({ ...input, records: USERS, link: false, onState: () => {} });
  return verifyImport({ transport, source: "csv", survey, state });
}

test("no call has more bytes than the way to the deployment takes, whatever the language", async () => {
  const { transport, sizes, sent } = deployment(() => false);
  expect(await importInto(transport)).toMatchObject({ problems: [], compared: 20 });
  expect(sent).toHaveLength(USERS);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_BYTES);
  // And not one call for each.
  expect(sizes.length).toBeLessThan(USERS);
});

test("a batch that is refused as too large comes again in parts", async () => {
  const isTooLarge = (name: string, bytes: number) => name === "importBatch" && bytes > 12_000;
  const { transport, sent } = deployment(isTooLarge);
  expect(await importInto(transport)).toMatchObject({ problems: [] });
  expect(sent).toHaveLength(USERS);
});
