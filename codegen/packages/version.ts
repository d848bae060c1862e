// kitcn's own version, read where it is needed: `kitcn --version` loads nothing else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kitcnRoot } from "./kitcn-package.js";

/** The version in kitcn's own package.json. */
export function kitcnVersion(): string {
  // Our own file; its shape is ours to know.
  const json = JSON.parse(readFileSync(join(kitcnRoot(), "package.json"), "utf8")) as {
    version: string;
  };
  return json.version;
}
