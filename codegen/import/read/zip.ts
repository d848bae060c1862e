// The files of a zip as streams: only its table of contents is held in memory. Reads only.
import { promisify } from "node:util";
import { open, type Entry, type Options, type ZipFile } from "yauzl";
import { badZip } from "../../errors/import.js";
import type { SourceFile } from "../types.js";

/** @throws CodegenError `BAD_IMPORT_FILE` */
export async function openZip(
  path: string,
): Promise<{ readonly files: readonly SourceFile[]; readonly close: () => void }> {
  const openPath = promisify<string, Options, ZipFile>(open);
  const zip = await openPath(path, { lazyEntries: true, autoClose: false }).catch(
    (cause: unknown) => {
      throw invalidZip(path, cause);
    },
  );
  const entries = await entriesOf(zip).catch((cause: unknown) => {
    throw invalidZip(path, cause);
  });
  const openEntry = promisify<Entry, NodeJS.ReadableStream>((entry, done) =>
    zip.openReadStream(entry, (error, stream) =>
      error ? done(error, undefined as never) : done(null, stream),
    ),
  );
  const files = entries
    .filter(({ fileName }) => !fileName.endsWith("/"))
    .map((entry) => ({ name: entry.fileName, open: () => openEntry(entry) }));
  return { files, close: () => zip.close() };
}

// --- internal ---

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  return new Promise((done, fail) => {
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once("end", () => done(entries));
    zip.once("error", fail);
    zip.readEntry();
  });
}

function invalidZip(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return badZip({ path, reason, cause });
}
