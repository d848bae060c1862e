// Opens what the user named: a zip, a folder, or single files. Every file is a stream; nothing is held in memory.
// Reads only.
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { createGunzip } from "node:zlib";
import { noImportFile } from "../../errors/import.js";
import type { SourceFile } from "../types.js";

export type OpenedFiles = {
  readonly files: readonly SourceFile[];
  /** Of all bytes that were named: another text for any change. */
  readonly fingerprint: string;
  readonly close: () => void;
};

/**
 * Opens zips, folders and files.
 *
 * @throws CodegenError `NO_IMPORT_FILE`, `BAD_IMPORT_FILE`
 */
export async function openSourceFiles(paths: readonly string[], cwd: string): Promise<OpenedFiles> {
  const files: SourceFile[] = [];
  const hash = createHash("sha256");
  const closers: (() => void)[] = [];
  for (const path of paths.map((one) => resolve(cwd, one))) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) throw noImportFile({ path });
    const found = stat.isDirectory() ? filesBelow(path) : [path];
    for (const file of found) {
      hash.update(`\n${relative(path, file)}\n`);
      for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer); // no encoding is set
    }
    for (const file of found) {
      const name = stat.isDirectory() ? relative(path, file).split(sep).join("/") : basename(file);
      if (!/\.zip$/i.test(file)) {
        files.push({ name: name.replace(/\.gz$/i, ""), open: async () => openFile(file) });
        continue;
      }
      const { openZip } = await import("./zip.js");
      const zip = await openZip(file);
      files.push(...zip.files);
      closers.push(zip.close);
    }
  }
  return {
    files,
    fingerprint: hash.digest("hex"),
    close: () => closers.forEach((close) => close()),
  };
}

// --- internal ---

function openFile(path: string): NodeJS.ReadableStream {
  const stream = createReadStream(path);
  if (!/\.gz$/i.test(path)) return stream;
  const gunzip = createGunzip();
  stream.on("error", (error) => gunzip.destroy(error));
  return stream.pipe(gunzip);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
