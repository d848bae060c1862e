// The guest's console, which prints values with the package that Convex uses.
import inspect from "object-inspect";
import { createConsole, MAX_TEXT } from "./console.js";
import { host } from "./host.js";

export const console = createConsole({
  log: (level, text) => host.log(level, text),
  // Text has quotes, too, and an error has its properties, but no stack.
  show: (value) => inspect(value, { maxStringLength: MAX_TEXT, indent: 2, customInspect: true }),
  showLine: (line) => line,
  now: () => host.performanceNow(),
});
