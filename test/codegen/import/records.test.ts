// Reading files of any form record by record, and what is said of those that are broken.
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { openSourceFiles } from "../../../codegen/import/read/files.js";
import { readRecords } from "../../../codegen/import/read/records.js";
import { writeZip } from "../../support/import/zip.js";

const folder = mkdtempSync(join(tmpdir(), "kitcn-records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// As in Node 24, which ends a line at U+2028 and U+2029: whoever reads lines with it fails here in any release.
vi.mock("node:readline", () => ({
  createInterface: async function* ({ input }: { input: AsyncIterable<Buffer> }) {
    const chunks = [];
    for await (const chunk of input) chunks.push(chunk);
    yield* Buffer.concat(chunks)
      .toString()
      .split(/\r\n|[\n\r\u2028\u2029]/);
  },
}));

/** The text in chunks of a few bytes, as a network might give them. */
const fileOf = (name: string, text: string | Buffer, chunk = 7) => ({
  name,
  open: async () => {
    const bytes = Buffer.from(text);
    const parts = [];
    for (let at = 0; at < bytes.length; at += chunk) parts.push(bytes.subarray(at, at + chunk));
    return Readable.from(parts);
  },
});

async function recordsOf(name: string, text: string | Buffer): Promise<unknown[]> {
  const records = [];
  for await (const record of readRecords(fileOf(name, text))) records.push(record);
  return records;
}

const TWO = [
  { id: "1", name: "Zoë" },
  { id: "2", name: "b" },
];

test.each([
  ["CSV", "users.csv", "id,name\n1,Zoë\n2,b\n"],
  [
    "CSV of Windows, with a byte order mark and quotes",
    "users.csv",
    '\uFEFFid,name\r\n1,"Zoë"\r\n2,"b"',
  ],
  ["lines", "users.jsonl", '{"id":"1","name":"Zoë"}\n\n{"id":"2","name":"b"}\n'],
  ["lines in a file called .json", "users.json", '{"id":"1","name":"Zoë"}\n{"id":"2","name":"b"}'],
  ["an array", "users.json", JSON.stringify(TWO)],
  [
    "an array over many lines, after a byte order mark",
    "users.json",
    `\uFEFF${JSON.stringify(TWO, null, 2)}`,
  ],
  ["a list as APIs answer", "users.json", JSON.stringify({ total_count: 2, data: TWO })],
  [
    "organizations of Auth0, by checkpoint",
    "o.json",
    JSON.stringify({ organizations: TWO, next: "x" }),
  ],
  [
    "members of Auth0, over many lines",
    "m.json",
    JSON.stringify({ members: TWO, next: "x" }, null, 2),
  ],
  ["the same over many lines", "users.json", JSON.stringify({ users: TWO, next: [1] }, null, 2)],
])("%s", async (_name, file, text) => {
  expect(await recordsOf(file, text)).toEqual(TWO);
});

test("U+2028 and U+2029 are text, and end no line, in any release of Node", async () => {
  const record = { id: "1", name: "a\u2028b\u2029c" };
  const text = `${JSON.stringify(record)}\r\n${JSON.stringify(record)}`;
  // As it is in the file, not as an escape.
  expect(text).toContain("\u2028");
  for (const name of ["users.jsonl", "users.json"])
    expect(await recordsOf(name, text)).toEqual([record, record]);
});

test("a record on one line may have a list of that name", async () => {
  const record = { id: "1", members: [{ id: "2" }] };
  expect(await recordsOf("organizations.json", `${JSON.stringify(record)}\n`)).toEqual([record]);
});

test.each(["csv", "json", "jsonl"])(
  "a packed file of %s that breaks off is named",
  async (ending) => {
    const rows = Array.from({ length: 5000 }, (_, at) => ({
      id: String(at * 7919),
      name: `n${at}`,
    }));
    const lines =
      ending === "csv"
        ? ["id,name", ...rows.map(({ id, name }) => `${id},${name}`)]
        : rows.map((row) => JSON.stringify(row));
    const packed = gzipSync(lines.join("\n"));
    const path = join(folder, `cut.${ending}.gz`);
    writeFileSync(path, packed.subarray(0, packed.length >> 1));
    const opened = await openSourceFiles([path], folder);
    const read = async () => {
      for (const file of opened.files) for await (const _record of readRecords(file));
    };
    await expect(read()).rejects.toMatchObject({
      code: "BAD_IMPORT_FILE",
      message: `cut.${ending} cannot be read: it is cut off or damaged (Z_BUF_ERROR).`,
    });
    rmSync(path);
  },
);

test("one object in a file called .json is one record", async () => {
  expect(await recordsOf("users.json", '{"id":"1"}')).toEqual([{ id: "1" }]);
});

test.each([
  ["users.jsonl", '{"id":1}\n{"secret":"$2b', "line 2 is not valid JSON"],
  ["users.json", '[{"id":1},{"secret":"$2b"', "ends in the middle"],
  ["users.json", '[{"id":1},{"secret":$2b}]', "not valid JSON after item 1"],
  ["users.json", '{"users":[{"id":1}],"members":[]}', "it has several lists (users, members)"],
  ["o.json", '{\n"id":"o","members":[{"id":1}]}', "it is neither a list of objects"],
  ["users.json", "[1]", "item 1 is not an object"],
  ["users.csv", "id,name\n1,a\n2,b,$2b\n", "CSV_RECORD_INCONSISTENT_COLUMNS at line 3"],
  ["users.xml", "<a/>", "its name does not end in .csv"],
])("%s that is broken: %s", async (file, text, want) => {
  const failure = await recordsOf(file, text).catch((error: Error) => error);
  expect(failure).toMatchObject({ code: "BAD_IMPORT_FILE" });
  expect((failure as Error).message).toContain(want);
  expect((failure as Error).message).not.toContain("$2b");
});

test("a folder, a zip and a packed file; the fingerprint follows every byte", async () => {
  const text = '{"id":"1"}\n';
  writeZip(join(folder, "a.zip"), {
    "users/documents.jsonl": text.repeat(5000),
    "empty/documents.jsonl": "",
  });
  writeFileSync(join(folder, "users.json.gz"), gzipSync(text));
  const opened = await openSourceFiles(["."], folder);
  expect(opened.files.map(({ name }) => name)).toEqual([
    "users/documents.jsonl",
    "empty/documents.jsonl",
    "users.json",
  ]);
  const counts = [];
  for (const file of opened.files) {
    let count = 0;
    for await (const _record of readRecords(file)) count++;
    counts.push(count);
  }
  expect(counts).toEqual([5000, 0, 1]);
  opened.close();
  const same = await openSourceFiles(["."], folder);
  expect(same.fingerprint).toBe(opened.fingerprint);
  same.close();
  writeFileSync(join(folder, "users.json.gz"), gzipSync(`${text} `));
  const other = await openSourceFiles(["."], folder);
  expect(other.fingerprint).not.toBe(opened.fingerprint);
  other.close();
  await expect(openSourceFiles(["nothing"], folder)).rejects.toMatchObject({
    code: "NO_IMPORT_FILE",
  });
  writeFileSync(join(folder, "b.zip"), "no zip");
  await expect(openSourceFiles(["b.zip"], folder)).rejects.toMatchObject({
    code: "BAD_IMPORT_FILE",
  });
});

test("a folder of many files is hashed without a warning of Node", async () => {
  const many = join(folder, "many");
  mkdirSync(many);
  for (let at = 0; at < 30; at++) writeFileSync(join(many, `users-${at}.jsonl`), "{}\n");
  const warnings: string[] = [];
  const listen = (warning: Error) => void warnings.push(warning.name);
  process.on("warning", listen);
  const opened = await openSourceFiles([many], folder);
  await new Promise(setImmediate);
  process.off("warning", listen);
  expect(opened.files).toHaveLength(30);
  expect(warnings).toEqual([]);
});
