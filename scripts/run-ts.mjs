// Runs one TypeScript file of this repository.
import { resolve } from "node:path";
import { importTypeScript } from "./import-ts.mjs";

const [entry, ...args] = process.argv.slice(2);
if (!entry) throw new Error("usage: node scripts/run-ts.mjs <file.ts> [arguments]");

process.argv.splice(1, process.argv.length, resolve(entry), ...args);
await importTypeScript([resolve(entry)]);
