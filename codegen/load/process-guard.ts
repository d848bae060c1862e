// Keeps the process ours while user code is loaded: what it prints goes to stderr, since stdout is for the machine,
// and it cannot end the run, which would pass for success.
import { exitedWhileLoading } from "../errors/load.js";

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
  throw exitedWhileLoading({ code: String(code ?? "") });
}
