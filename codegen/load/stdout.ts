// Keeps stdout for the machine: what user code prints while it is loaded goes to stderr.

/** Sends stdout to stderr until the returned function is called. */
export function silenceStdout(): () => void {
  const { stdout, stderr } = process;
  const write = stdout.write;
  stdout.write = stderr.write.bind(stderr);
  return () => {
    stdout.write = write;
  };
}
