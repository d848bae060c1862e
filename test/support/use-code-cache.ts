// Every Node program that this process starts, and those that they start, load code-cache.cjs first.
// The configurations of vitest import it; it must import nothing of the suites.
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("./code-cache.cjs", import.meta.url));
const { NODE_OPTIONS = "" } = process.env;
if (!NODE_OPTIONS.includes(file))
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} --require ${JSON.stringify(file)}`.trim();
