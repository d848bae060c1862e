import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TokenNews } from "../../../src/client/auth-client.js";
import { MAX_DELAY_MS, retryDelay } from "../../../src/client/backoff.js";
import { createTokenSource, isFresh } from "../../../src/client/token-source.js";
import { makeToken } from "./support/auth-server.js";

const who = { user: "u", session: "s" };
const token = (): TokenNews => ({ kind: "token", token: makeToken(who) });
const failed: TokenNews = { kind: "failed", status: 503 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("createTokenSource", () => {
  test("calls share one request, forced or not", async () => {
    const load = vi.fn(async () => token());
    const tokens = createTokenSource({ load });
    const got = await Promise.all(
      [false, true, false, true].map((forceRefreshToken) => tokens.get({ forceRefreshToken })),
    );
    expect(load).toHaveBeenCalledTimes(1);
    expect(new Set(got).size).toBe(1);
  });

  test("a token is reused until shortly before it expires, unless a fresh one is demanded", async () => {
    const load = vi.fn(async () => token());
    const tokens = createTokenSource({ load });
    const first = await tokens.get({ forceRefreshToken: false });
    await vi.advanceTimersByTimeAsync(880_000);
    expect(await tokens.get({ forceRefreshToken: false })).toBe(first);
    expect(load).toHaveBeenCalledTimes(1);
    expect(await tokens.get({ forceRefreshToken: true })).not.toBe(first);
    await vi.advanceTimersByTimeAsync(895_000);
    await tokens.get({ forceRefreshToken: false });
    expect(load).toHaveBeenCalledTimes(3);
  });

  test("a fresh token is another one, even if demanded within the second of the first", async () => {
    const load = vi.fn(async () => token());
    const tokens = createTokenSource({ load });
    const first = await tokens.get({ forceRefreshToken: false });
    const second = tokens.get({ forceRefreshToken: true });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await second).not.toBe(first);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("a server that gives the same token again and again is asked a few times, then believed", async () => {
    const same = token();
    const load = vi.fn(async () => same);
    const tokens = createTokenSource({ load });
    const first = await tokens.get({ forceRefreshToken: false });
    const second = tokens.get({ forceRefreshToken: true });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await second).toBe(first);
    expect(load.mock.calls.length).toBeLessThan(15);
  });

  test("a wrong local clock does not make a new token look expired", async () => {
    const load = vi.fn(async (): Promise<TokenNews> => {
      return { kind: "token", token: makeToken(who, 900, Date.now() - 3_600_000) };
    });
    const tokens = createTokenSource({ load });
    await tokens.get({ forceRefreshToken: false });
    await tokens.get({ forceRefreshToken: false });
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("failures are retried, ever more slowly, until there is an answer", async () => {
    const answers = [failed, failed, failed, failed];
    const load = vi.fn(async () => answers.pop() ?? token());
    const got = createTokenSource({ load }).get({ forceRefreshToken: false });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await got).toEqual(expect.any(String));
    expect(load).toHaveBeenCalledTimes(5);
  });

  test("an hour without a server costs little more than one request per half minute", async () => {
    const load = vi.fn(async () => failed);
    const tokens = createTokenSource({ load });
    void tokens.get({ forceRefreshToken: false });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(load.mock.calls.length).toBeLessThan(3_600_000 / (MAX_DELAY_MS / 2) + 10);
    tokens.close();
    const before = load.mock.calls.length;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(load).toHaveBeenCalledTimes(before);
  });

  test("a 401 is null, told once, and not retried", async () => {
    const load = vi.fn(async (): Promise<TokenNews> => ({ kind: "signedOut" }));
    const onSignedOut = vi.fn();
    const tokens = createTokenSource({ load, onSignedOut });
    expect(await tokens.get({ forceRefreshToken: false })).toBeNull();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(load).toHaveBeenCalledTimes(1);
    expect(onSignedOut).toHaveBeenCalledTimes(1);
  });

  test("close answers null to who waits, and aborts the request", async () => {
    let aborted = false;
    const tokens = createTokenSource({
      load: (signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            resolve(failed);
          });
        }),
    });
    const got = tokens.get({ forceRefreshToken: false });
    tokens.close();
    expect(await got).toBeNull();
    expect(aborted).toBe(true);
    expect(await tokens.get({ forceRefreshToken: true })).toBeNull();
  });

  test("a request that hangs is given up and made again", async () => {
    let calls = 0;
    const tokens = createTokenSource({
      load: (signal) =>
        ++calls > 1
          ? Promise.resolve(token())
          : new Promise((resolve) => signal.addEventListener("abort", () => resolve(failed))),
    });
    const got = tokens.get({ forceRefreshToken: false });
    await vi.advanceTimersByTimeAsync(22_000);
    expect(await got).toEqual(expect.any(String));
  });

  test("a seed is used while fresh", async () => {
    const load = vi.fn(async () => token());
    const seed = makeToken(who);
    expect(await createTokenSource({ load, seed }).get({ forceRefreshToken: false })).toBe(seed);
    const old = makeToken(who, 900, Date.now() - 900_000);
    expect(isFresh(old)).toBe(false);
    expect(await createTokenSource({ load, seed: old }).get({ forceRefreshToken: false })).not.toBe(
      old,
    );
    expect(load).toHaveBeenCalledTimes(1);
  });
});

test("delays double up to half a minute", () => {
  const delays = Array.from({ length: 40 }, (_, attempt) => retryDelay(attempt));
  for (const [attempt, delay] of delays.entries()) {
    const full = Math.min(MAX_DELAY_MS, 500 * 2 ** attempt);
    expect(delay).toBeGreaterThanOrEqual(full / 2);
    expect(delay).toBeLessThanOrEqual(full);
  }
});
