// Faults on demand: the next HTTP action of a path dies after so many calls or writes. It does nothing more, its
// client loses the connection, and what a transaction of it had not committed is gone. Or a mutation of it conflicts.

export type Fault = {
  /** Of the request, from its start: "/api/auth/sign-up". */
  path: string;
  /** Dies once so many `ctx.run*` calls have returned; 0: before the first. */
  afterCalls?: number;
  /** Dies in the middle of a transaction, at its n-th written document, counted over all of its mutations. */
  afterWrites?: number;
  /** Each mutation of it conflicts so often before it may commit. Nothing dies. */
  conflicts?: number;
};

export class Killed extends Error {
  constructor() {
    super("This HTTP action was killed.");
  }
}

export type Killable = {
  readonly signal: AbortSignal;
  /** @throws Killed */
  readonly assertAlive: () => void;
  readonly kill: () => void;
  /** Told of each ctx.run* call, before it starts and after it returned. */
  readonly onCall: (moment: "start" | "end") => void;
  readonly onWrite: () => void;
  /** True if the mutation that is about to commit, at this attempt from 0, is to conflict. */
  readonly mustConflict: (attempt: number) => boolean;
};

export type Faults = ReturnType<typeof createFaults>;

export function createFaults() {
  let armed: Fault | undefined;
  let isHit = false;
  const running = new Set<Killable>();

  function begin(path: string): Killable {
    const fault = armed && path.startsWith(armed.path) ? armed : undefined;
    if (fault) armed = undefined;
    const controller = new AbortController();
    const done = { calls: 0, writes: 0 };
    const kill = () => controller.abort(new Killed());
    const killHere = () => {
      isHit = true;
      kill();
    };
    const own: Killable = {
      signal: controller.signal,
      kill,
      assertAlive: () => {
        if (controller.signal.aborted) throw controller.signal.reason;
      },
      onCall: (moment) => {
        if (moment === "end") done.calls++;
        if (fault?.afterCalls === done.calls) killHere();
      },
      mustConflict: (attempt) => {
        if (attempt >= (fault?.conflicts ?? 0)) return false;
        isHit = true;
        return true;
      },
      onWrite: () => {
        if (++done.writes === fault?.afterWrites) killHere();
      },
    };
    running.add(own);
    return own;
  }

  return {
    begin,
    end: (own: Killable) => void running.delete(own),
    arm: (fault: Fault) => {
      armed = fault;
      isHit = false;
    },
    /** Whether the armed fault came true; disarms it. */
    disarm: (): boolean => {
      armed = undefined;
      return isHit;
    },
    killAll: () => running.forEach(({ kill }) => kill()),
  };
}
