// The records of a file, one at a time: CSV with a header, one JSON value a line, or a JSON array, bare or inside an
// object as APIs answer. Streams; a file of any size takes the memory of one record.
import { StringDecoder } from "node:string_decoder";
import {
  badCsv,
  badJson,
  badLine,
  brokenFile,
  cutJson,
  noList,
  notRecord,
  severalLists,
  unknownEnding,
} from "../../errors/import.js";
import { CodegenError } from "../../errors.js";
import type { OnKeys, SourceFile, SourceRecord } from "../types.js";

/**
 * Reads the records of a file by its ending: `.csv`, `.jsonl`, `.ndjson` or `.json`.
 *
 * @param onKeys told of a CSV's columns, and of the keys of a JSON object that is no list; what it throws is thrown
 * @throws CodegenError `BAD_IMPORT_FILE` with the place; never with what stands there
 */
export async function* readRecords(
  file: SourceFile,
  onKeys: OnKeys = () => {},
): AsyncGenerator<SourceRecord> {
  const ending = /\.(\w+)$/.exec(file.name)?.[1]?.toLowerCase();
  if (ending === "csv") yield* readCsv(file, onKeys);
  else if (ending === "jsonl" || ending === "ndjson") yield* readLines(file);
  else if (ending === "json")
    yield* (await isLines(file)) ? readLines(file) : readJson(file, onKeys);
  else throw unknownEnding({ file: file.name });
}

// --- internal ---

async function* readCsv(file: SourceFile, onKeys: OnKeys): AsyncGenerator<SourceRecord> {
  const { parse } = await import("csv-parse");
  const stream = await file.open();
  let header: string[] | undefined;
  const parser = parse({
    columns: (names: string[]) => (header = names),
    bom: true,
    skip_empty_lines: true,
    relax_column_count: false,
  });
  stream.on("error", (error: Error) => parser.destroy(error));
  stream.pipe(parser);
  let isTold = false;
  try {
    for await (const record of parser) {
      if (!isTold) onKeys(header ?? []);
      isTold = true;
      yield record as SourceRecord; // an object, since it has columns
    }
    if (!isTold) onKeys(header ?? []);
  } catch (error) {
    if (error instanceof CodegenError) throw error;
    const { code, lines } = error as { code?: string; lines?: number }; // as csv-parse throws
    if (!code?.startsWith("CSV_")) throw unreadable(file, error);
    const at = lines === undefined ? "" : ` at line ${lines}`;
    // Not as its cause: the reader's error has the record, and with it a password hash.
    throw badCsv({ file: file.name, reason: `${code}${at}` });
  }
}

async function* readLines(file: SourceFile): AsyncGenerator<SourceRecord> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    const text = number === 1 ? line.replace(/^\uFEFF/, "") : line;
    if (text.trim() === "") continue;
    yield recordOf(file, parseLine(file, text, number), `line ${number}`);
  }
}

/** Lines end with \n only: newer Nodes' readline also ends them at U+2028, which JSON has inside of texts. */
async function* linesOf(file: SourceFile): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let parts: string[] = [];
  for await (const chunk of chunksOf(file)) {
    const [first = "", ...more] = decoder.write(chunk).split("\n");
    parts.push(first);
    for (const next of more) {
      yield parts.join("");
      parts = [next];
    }
  }
  yield parts.join("") + decoder.end();
}

/** @throws CodegenError `BAD_IMPORT_FILE` where a packed file breaks off */
async function* chunksOf(file: SourceFile): AsyncGenerator<Buffer> {
  const stream = await file.open();
  try {
    for await (const chunk of stream) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: SourceFile, error: unknown): CodegenError {
  const { code, message } = error as { code?: string; message?: string }; // as streams throw
  return brokenFile({ file: file.name, reason: code ?? message ?? "no reason" });
}

async function* readJson(file: SourceFile, onKeys: OnKeys): AsyncGenerator<SourceRecord> {
  const { JSONParser } = await import("@streamparser/json");
  const paths = ["$.*", ...LISTS.map((list) => `$.${list}.*`)];
  const parser = new JSONParser({ paths, keepStack: false });
  const found: unknown[] = [];
  let failure: Error | undefined;
  let isArray: boolean | undefined;
  const lists: string[] = [];
  const members: string[] = [];
  parser.onValue = ({ value, key, stack }) => {
    // "$.*" is an item of an array, or a member of an object whose items were given one by one.
    if (typeof key === "number" && (isArray === true || stack.length > 1)) found.push(value);
    else if (typeof key === "string" && stack.length === 1) {
      members.push(key);
      if (LISTS.includes(key) && Array.isArray(value)) lists.push(key);
    }
  };
  parser.onError = (error) => (failure = error);
  let number = 0;
  for await (const chunk of chunksOf(file)) {
    const text = chunk.toString("latin1");
    if (isArray === undefined && /\S/.test(text))
      isArray = /^\s*(?:\uFEFF|\xEF\xBB\xBF)?\s*\[/.test(text);
    try {
      parser.write(number === 0 ? withoutMark(chunk) : chunk);
    } catch (error) {
      failure = error as Error; // what the parser throws
    }
    if (failure) throw badJson({ file: file.name, item: number });
    for (const value of found.splice(0)) yield recordOf(file, value, `item ${++number}`);
  }
  if (!parser.isEnded) throw cutJson({ file: file.name, item: number });
  if (lists.length > 1) throw severalLists({ file: file.name, lists });
  if (isArray || (lists.length === 1 && isPage(members))) return;
  onKeys(members);
  throw noList({ file: file.name, lists: LISTS });
}

/** Where an API's answer has its records. */
const LISTS: readonly string[] = ["data", "users", "organizations", "members"];

/** A page of an API's answer has no id; a record that has a list has one. */
function isPage(names: readonly string[]): boolean {
  return !["id", "_id", "user_id"].some((one) => names.includes(one));
}

/** True for one JSON object a line, which some vendors call .json. */
async function isLines(file: SourceFile): Promise<boolean> {
  let head = "";
  for await (const chunk of chunksOf(file)) {
    head += chunk.toString("utf8");
    if (head.length > HEAD_CHARACTERS || head.trimStart().includes("\n")) break;
  }
  const [line = ""] = head
    .replace(/^\uFEFF/, "")
    .trimStart()
    .split("\n");
  if (!line.startsWith("{")) return false;
  try {
    const value = JSON.parse(line) as SourceRecord; // it begins with {
    return !isPage(Object.keys(value)) || !LISTS.some((list) => Array.isArray(value[list]));
  } catch {
    // Not whole: an object over several lines, or a list as APIs answer, on one long line.
    return false;
  }
}

const HEAD_CHARACTERS = 1_000_000;

function withoutMark(chunk: Buffer): Buffer {
  return chunk[0] === 0xef && chunk[1] === 0xbb ? chunk.subarray(3) : chunk;
}

function parseLine(file: SourceFile, text: string, number: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message would quote the line, and with it a password hash.
    throw badLine({ file: file.name, line: number });
  }
}

function recordOf(file: SourceFile, value: unknown, place: string): SourceRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as SourceRecord;
  throw notRecord({ file: file.name, place });
}
