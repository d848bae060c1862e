// What all programs that this process starts have in their environment: Node loads code-cache.cjs first, and npm does
// not ask again for what it has in its cache. The configurations of vitest import it; it must import nothing of the suites.
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("./code-cache.cjs", import.meta.url));
const { NODE_OPTIONS = "" } = process.env;
if (!NODE_OPTIONS.includes(file))
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} --require ${JSON.stringify(file)}`.trim();

// Half of an installation is to look up versions, mostly of the same packages. What the cache lacks is asked for.
process.env.npm_config_prefer_offline ??= "true";
