// Keeps the process ours while user code is loaded: what it prints goes to stderr, since stdout is for the machine,
// and it cannot end the run, which would pass for success.
import { CodegenError } from "../errors.js";

/** Guards stdout and process.exit until the returned function is called. */
export function guardProcess(): () => void {
  const { stdout, stderr } = process;
  const write = stdout.write;
  stdout.write = stderr.write.bind(stderr);
  const exit = Object.getOwnPropertyDescriptor(process, "exit");
  Object.defineProperty(process, "exit", { ...exit, value: refuseExit });
  return () => {
    Object.defineProperty(process, "exit", { ...exit });
    stdout.write = write;
  };
}

// --- internal ---

function refuseExit(code?: number | string): never {
  throw new CodegenError({
    code: "EXITED_WHILE_LOADING",
    message: `process.exit(${code ?? ""}) was called while the module was loaded.`,
    hint: "Look at what it printed: mostly a variable is missing, which convex/.env can give.",
  });
}
