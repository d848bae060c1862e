#!/usr/bin/env node
// What the name `kitcn` starts: tells an old Node that it is one, then hands over to cli.ts. Imports nothing at
// its head: an old Node ends while it links what it lacks.
const NEEDED = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `error: kitcn needs Node ${NEEDED.join(".")} or later; this is ${process.versions.node}.\n\n` +
      "Install a newer one (https://nodejs.org, or your version manager), then run the command again.\n",
  );
  process.exitCode = 1;
} else await import("./cli.js");

export {};
