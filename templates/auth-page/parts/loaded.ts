// Loads data for a part of the auth pages. Shows nothing.
import { useCallback, useEffect, useState } from "react";
import { describe, type Failure, UNREACHABLE } from "./messages.js";

/** Loads data from the server, and again with `reload`. `load` must be the same function every time. */
export function useLoaded<T>(
  load: () => Promise<{ data: T; error: null } | { data: null; error: Failure }>,
) {
  const [data, setData] = useState<T | null>(null);
  const [problem, setProblem] = useState("");
  const reload = useCallback(async () => {
    try {
      const { data, error } = await load();
      setData(data);
      setProblem(error ? describe(error) : "");
    } catch {
      setProblem(UNREACHABLE);
    }
  }, [load]);
  // React's lint rules want no change of state in the effect itself.
  useEffect(() => queueMicrotask(() => void reload()), [reload]);
  return { data, problem, reload };
}
