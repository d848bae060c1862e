// Timers, with numbers for ids. Where there are none (queries, mutations, imports) a timer does not throw: the
// refusal is a rejection that nobody can catch, and so ends the function.
import { assertOutside, host, notImplemented } from "./host.js";

type Handler = (...args: unknown[]) => void;

const active = new Set<number>();
let last = 0;

export function setTimeout(handler: Handler, delayMs?: unknown, ...args: unknown[]): number {
  return start({ name: "setTimeout", handler, delayMs, args, repeats: false });
}

export function setInterval(handler: Handler, delayMs?: unknown, ...args: unknown[]): number {
  return start({ name: "setInterval", handler, delayMs, args, repeats: true });
}

export function clearTimeout(id: number): void {
  active.delete(id);
}

// --- internal ---

type Timer = {
  name: string;
  handler: Handler;
  delayMs: unknown;
  args: unknown[];
  repeats: boolean;
};

function start(timer: Timer, id = ++last): number {
  if (typeof timer.handler === "string") notImplemented("code string argument", timer.name);
  active.add(id);
  void sleep(timer.name, Math.max(0, Number(timer.delayMs) || 0)).then(() => {
    if (!active.has(id)) return;
    timer.handler(...timer.args);
    if (!active.has(id)) return;
    if (timer.repeats) start(timer, id);
    else active.delete(id);
  });
  return id;
}

async function sleep(name: string, delayMs: number): Promise<void> {
  assertOutside(name);
  await new Promise<void>((resolve) => host.startTimer(delayMs, resolve));
}
