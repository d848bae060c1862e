// The suites of `npm test`, at the same time: a browser mostly waits, and leaves the processors to the others. What the
// browser's suite prints comes last. Builds nothing.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

/** Runs vitest; tells its exit code, and what it printed where `stdio` is "pipe". */
function run(args, stdio) {
  const child = spawn(process.execPath, [vitest, "run", ...args], {
    stdio: ["inherit", stdio, stdio],
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => printed.push(chunk));
  return new Promise((done) => {
    child.once("close", (code) => done({ code: code ?? 1, text: Buffer.concat(printed) }));
  });
}

// One file at a time: its tests run beside each other already. A dot for each that passes, so that what failed in either
// half is near the end.
const inBrowser = ["--config", "vitest.browser.config.ts", "--maxWorkers=1", "--reporter=dot"];
const browser = run(inBrowser, "pipe");
const others = run([], "inherit");
const ended = await Promise.all([others, browser]);
process.stdout.write(ended[1].text);
process.exitCode = Math.max(...ended.map(({ code }) => code));
