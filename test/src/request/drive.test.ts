import type { ConvexError } from "convex/values";
import { afterEach, describe, expect, test, vi } from "vitest";
import { driveRequest } from "../../../src/request/drive.js";
import type { Answer, Question } from "../../../src/request/journal.js";
import { withinHook, withoutHook } from "../../../src/request/scope.js";
import { harness, responseAnswer, textAnswer } from "./harness.js";

afterEach(() => vi.restoreAllMocks());

const post = (body: string) => fetch("https://idp.test/token", { method: "POST", body });

describe("driveRequest", () => {
  test("a request that only reads is one query", async () => {
    const { seen, drive } = harness(async () => new Response("ok"));
    expect(await (await drive("GET")).text()).toBe("ok");
    expect(seen).toMatchObject({ runs: ["query"], asked: [] });
  });

  test("a GET that turns out to write goes to a mutation", async () => {
    const { seen, drive } = harness(async ({ run, write }) => {
      if (run?.context === "query") await run.escalate("mutation", "writes");
      write("session");
      return new Response("ok");
    });
    await drive("GET");
    expect(seen).toMatchObject({ runs: ["query", "mutation"], writes: ["session"] });
  });

  test("a hash is computed once, outside, and every write is in one run", async () => {
    const { seen, drive } = harness(async ({ run, write }) => {
      write("verification");
      const hash = await run!.ask({ kind: "hashPassword", password: "pw" });
      write(`user ${hash.kind}`);
      write("session");
      return new Response("ok");
    });
    await drive();
    expect(seen.runs).toEqual(["mutation", "mutation"]);
    expect(seen.writes).toEqual(["verification", "user text", "session"]);
    expect(seen.asked).toHaveLength(1);
  });

  test("a response of a failed transaction reaches the client, its writes do not stay", async () => {
    const { seen, drive } = harness(async ({ run, write }) => {
      write("half a user");
      run?.markFailed(new Error("half"));
      return new Response("no", { status: 422 });
    });
    expect((await drive()).status).toBe(422);
    expect(seen.writes).toEqual([]);
  });

  test("a handler that asks something new in every run is refused by name", async () => {
    let runs = 0;
    const { drive } = harness(async ({ run }) => {
      await run!.ask({ kind: "hashPassword", password: String(runs++) });
      return new Response("ok");
    });
    await expect(drive()).rejects.toMatchObject({ code: "REQUEST_NEVER_SETTLES" });
  });

  test("a handler that makes many calls is served by the action, which makes none of them again", async () => {
    const paths = Array.from({ length: 40 }, (_, at) => `/${at}`);
    const made: string[] = [];
    const note = ({ pathname }: URL) => void made.push(pathname);
    vi.stubGlobal("fetch", async (url: string) => (note(new URL(url)), new Response("ok")));
    const { seen, drive } = harness(
      async () => {
        for (const path of paths) await fetch(`https://x.test${path}`, { method: "DELETE" });
        return new Response("ok");
      },
      {
        answer: (question) => {
          if (question.kind === "fetch") note(new URL(question.request.url));
          return responseAnswer("ok");
        },
      },
    );
    expect((await drive()).status).toBe(200);
    vi.unstubAllGlobals();
    expect(made).toEqual(paths);
    expect(seen.inAction).toBe(1);
  });

  test("an error of the handler is the error of the request", async () => {
    const { drive } = harness(async () => {
      throw new Error("boom");
    });
    await expect(drive()).rejects.toThrow("boom");
  });

  test("a conflict that Convex gave up on is an answer that says when to come back", async () => {
    const busy = () => Promise.reject(new Error("OptimisticConcurrencyControlFailure"));
    const response = await driveRequest(new Request("https://site.test/api/auth/x"), {
      isForAction: () => false,
      call: busy,
      answer: busy,
      callHook: busy,
      serveInAction: busy,
      tryInAction: busy,
    });
    expect([response.status, response.headers.get("x-retry-after")]).toEqual([429, "1"]);
    expect(await response.json()).toEqual({
      code: "TOO_MANY_CONFLICTS",
      message: "Too many requests at once. Please try again later.",
      hint: expect.stringContaining("after a second"),
    });
  });

  test("nothing that a run throws to undo its writes can be read", async () => {
    const { seen, drive } = harness(async ({ run, write }) => {
      write("user");
      await run!.ask({ kind: "hashPassword", password: "correct horse battery staple" });
      return new Response("ok");
    });
    await drive();
    expect(seen.thrown).toHaveLength(1);
    const [error] = seen.thrown as [ConvexError<{ kitcnOutcome: ArrayBuffer }>];
    const bytes = new TextDecoder().decode(error.data.kitcnOutcome);
    for (const text of [error.message, String(error.stack), bytes])
      expect(text).not.toContain("correct horse");
    expect(Object.keys(error.data)).toEqual(["kitcnOutcome"]);
  });
});

describe("a try that a rate limit allowed in a run that is rolled back", () => {
  const limit: Question = { kind: "limit", key: "k", windowSeconds: 10, max: 3 };
  const verdict = (allowed: boolean): Answer => ({
    kind: "verdict",
    verdict: { allowed, retryAfter: allowed ? null : 5 },
  });
  const driven = (allowed: boolean) =>
    harness(
      async ({ run, write }) => {
        const known = run!.recall(limit);
        if (!known) run!.noteLimit(limit, verdict(true));
        if (known?.kind === "verdict" && !known.verdict.allowed)
          return new Response("too many", { status: 429 });
        write("row");
        const hash = await run!.ask({ kind: "hashPassword", password: "pw" });
        return new Response(hash.kind);
      },
      { answer: ({ kind }) => (kind === "limit" ? verdict(allowed) : textAnswer("hashed")) },
    );

  test("is taken again, and the request goes on", async () => {
    const { seen, drive } = driven(true);
    expect((await drive()).status).toBe(200);
    expect(seen.asked.map(({ kind }) => kind)).toEqual(["limit", "hashPassword"]);
  });

  test("the next one is not taken where this one is refused meanwhile", async () => {
    const other: Question = { ...limit, key: "other" };
    const { seen, drive } = harness(
      async ({ run, write }) => {
        for (const one of [limit, other]) {
          const known = run!.recall(one);
          if (known?.kind === "verdict" && !known.verdict.allowed)
            return new Response("too many", { status: 429 });
          if (!known) run!.noteLimit(one, verdict(true));
        }
        write("row");
        await run!.ask({ kind: "hashPassword", password: "pw" });
        return new Response("ok");
      },
      { answer: () => verdict(false) },
    );
    expect((await drive()).status).toBe(429);
    expect(seen.asked).toEqual([limit]);
  });

  test("asks for nothing more where others have taken the last one meanwhile", async () => {
    const { seen, drive } = driven(false);
    expect((await drive()).status).toBe(429);
    expect(seen).toMatchObject({ asked: [limit], writes: [] });
  });
});

describe("effects", () => {
  test("a fetch is performed once, after two runs asked for the same", async () => {
    const { seen, drive } = harness(
      async ({ write }) => {
        write("state consumed");
        write(await (await post("code=1")).text());
        return new Response("ok");
      },
      { answer: () => responseAnswer("tok") },
    );
    await drive();
    expect(seen.runs).toEqual(["mutation", "mutation", "mutation"]);
    expect(seen.asked).toHaveLength(1);
    expect(seen.writes).toEqual(["state consumed", "tok"]);
  });

  test("one that comes before any row is created is performed at once", async () => {
    const { seen, drive } = harness(
      async ({ write }) => {
        write(`user of ${await (await post("code=1")).text()}`);
        return new Response("ok");
      },
      { answer: () => responseAnswer("tok") },
    );
    await drive();
    expect(seen).toMatchObject({ runs: ["mutation", "mutation"], writes: ["user of tok"] });
  });

  test("one that names a created row moves the request to the action at once", async () => {
    const { seen, drive } = harness(async ({ run, write }) => {
      run?.noteCreated("id-of-this-run");
      write("row");
      if (run) await post("id-of-this-run");
      return new Response("ok");
    });
    await drive();
    expect(seen).toMatchObject({ runs: ["mutation"], inAction: 1, asked: [] });
  });

  test("a GET that fetches is performed once, too", async () => {
    const { effects, drive } = harness(
      async () => {
        await post(crypto.randomUUID());
        return new Response("ok");
      },
      { answer: () => responseAnswer("tok") },
    );
    expect(await (await drive("GET")).text()).toBe("ok");
    expect(effects()).toBe(1);
  });

  test.each([
    ["a random UUID", () => crypto.randomUUID()],
    ["random bytes", () => String(crypto.getRandomValues(new Uint8Array(16)))],
    ["Math.random", () => String(Math.random())],
    ["the time in ms", () => String(Date.now())],
    ["a date", () => new Date().toISOString()],
  ])("%s is the same in each run, so that what carries it is asked alike", async (_name, make) => {
    const { seen, effects, drive } = harness(
      async ({ write }) => {
        write(make());
        await post(make());
        return new Response("ok");
      },
      { answer: () => responseAnswer("done") },
    );
    await drive();
    expect(effects()).toBe(1);
    expect(seen.inAction).toBe(0);
    expect(seen.writes).toHaveLength(1);
  });

  test("two requests never see the same random bytes", async () => {
    const { seen, drive } = harness(async ({ write }) => {
      write(crypto.randomUUID());
      return new Response("ok");
    });
    await drive();
    await drive();
    expect(new Set(seen.writes).size).toBe(2);
  });

  test("what was performed before a question that differs stays performed when the action serves", async () => {
    let runs = 0;
    const inAction: string[] = [];
    vi.spyOn(globalThis, "fetch");
    const { seen, drive } = harness(
      async ({ run, write }) => {
        write("state consumed");
        write(await (await post("code=1")).text());
        write(`user ${++runs}`);
        if (!run) inAction.push("reached");
        else await post(`created=user ${runs}`);
        return new Response("ok");
      },
      { answer: () => responseAnswer("tok") },
    );
    await drive();
    expect(seen.asked).toHaveLength(1);
    expect(seen.inAction).toBe(1);
    expect(inAction).toEqual(["reached"]);
    expect(seen.writes.slice(0, 2)).toEqual(["state consumed", "tok"]);
  });

  test("equal questions asked twice are two entries, whatever the order", async () => {
    let runs = 0;
    const { seen, drive } = harness(
      async ({ run, write }) => {
        const ask = (password: string) => run!.ask({ kind: "hashPassword", password });
        const passwords = ++runs % 2 ? ["a", "b", "a"] : ["b", "a", "a"];
        for (const password of passwords) await ask(password);
        write("all");
        return new Response("ok");
      },
      { answer: () => textAnswer("h") },
    );
    await drive();
    expect(seen.asked.map((one) => "password" in one && one.password).sort()).toEqual([
      "a",
      "a",
      "b",
    ]);
    expect(seen.writes).toEqual(["all"]);
  });

  test("an effect that the kept run does not ask for is logged without its content", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    let runs = 0;
    const { seen, drive } = harness(
      async ({ run, write }) => {
        write("row");
        if (++runs <= 2) await post("secret-body");
        else await run!.ask({ kind: "hashPassword", password: "pw" });
        return new Response("ok");
      },
      { answer: (question) => (question.kind === "fetch" ? responseAnswer("") : textAnswer("h")) },
    );
    await drive();
    expect(seen.asked).toHaveLength(2);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(String(warn.mock.calls[0])).toContain("POST https://idp.test was performed");
    expect(String(warn.mock.calls[0])).not.toMatch(/secret-body|token/);
  });

  test("a failed fetch is performed once and fails alike in each run", async () => {
    const { effects, seen, drive } = harness(
      async ({ write }) => {
        write("row");
        const error = await post("x").catch((thrown: unknown) => thrown);
        write(error instanceof TypeError ? error.message : "no TypeError");
        return new Response("ok");
      },
      { answer: () => ({ kind: "failure", name: "TypeError", message: "fetch failed" }) },
    );
    await drive();
    expect(effects()).toBe(1);
    expect(seen.writes).toEqual(["row", "fetch failed"]);
  });

  test("a call after a pause is not made before the pause is over", async () => {
    let madeAt = 0;
    const { drive } = harness(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 120));
        await post("again");
        return new Response("ok");
      },
      {
        answer: () => {
          madeAt = Date.now();
          return responseAnswer("");
        },
      },
    );
    const begunAt = Date.now();
    await drive();
    expect(madeAt - begunAt).toBeGreaterThanOrEqual(119);
  });

  test("how a fetch treats redirects is asked along", async () => {
    const { seen, drive } = harness(
      async () => {
        await fetch("https://idp.test/", { redirect: "manual" });
        return new Response("ok");
      },
      { answer: () => responseAnswer("") },
    );
    await drive();
    expect(seen.asked).toMatchObject([{ kind: "fetch", options: { redirect: "manual" } }]);
  });
});

describe("a call that is not the same in two runs", () => {
  const idp = (answer = "{}") => ({ answer: () => responseAnswer(answer) });
  const statusOf = async (call: Promise<Response>) => new Response(String((await call).status));
  const formOf = (name: string, value: string) => {
    const form = new FormData();
    form.set(name, value);
    return form;
  };
  let calls = 0;

  test("a form, whose boundary is random, is sent once", async () => {
    const { seen, drive, effects } = harness(() => {
      const body = formOf("response", "token");
      return statusOf(fetch("https://captcha.test/siteverify", { method: "POST", body }));
    }, idp());
    expect((await drive()).status).toBe(200);
    expect([effects(), seen.inAction]).toEqual([1, 0]);
  });

  test("a changing part of the query does not send it twice", async () => {
    const { effects, drive } = harness(
      () => statusOf(fetch(`https://crm.test/?n=${calls++}`, { method: "POST" })),
      idp(),
    );
    expect((await drive()).status).toBe(200);
    expect(effects()).toBe(1);
  });

  test("new calls before a performed one are calls of their own, and none is sent twice", async () => {
    const bodies = ["ab", "zab", "yzab"];
    const { seen, effects, drive } = harness(async () => {
      for (const body of bodies[Math.min(calls++, 2)] ?? "")
        await fetch("https://mail.test/", { method: "POST", body });
      return new Response("ok");
    }, idp());
    calls = 0;
    await drive();
    const sent = seen.asked.map((one) =>
      one.kind === "fetch" ? new TextDecoder().decode(one.request.body ?? undefined) : "",
    );
    expect([effects(), sent]).toEqual([4, ["a", "y", "z", "b"]]);
  });

  test("one that others have changed meanwhile is made again, and so is the next one", async () => {
    // What each run sends to the one place, and then to the other.
    const texts = ["a1", "a2", "a3", "a4", "a4", "a4 b1", "a4 b2", "a4 b3", "a4 b3", "a4 b3"];
    const { seen, drive } = harness(async () => {
      for (const body of (texts[calls++] ?? "a4 b3").split(" "))
        await fetch(`https://${body[0]}.test/`, { method: "POST", body });
      return new Response("ok");
    }, idp());
    calls = 0;
    expect((await drive()).status).toBe(200);
    const sent = seen.asked.map((one) =>
      one.kind === "fetch" ? new TextDecoder().decode(one.request.body ?? undefined) : "",
    );
    expect([sent, seen.inAction]).toEqual([["a1", "a4", "b1", "b3"], 0]);
  });

  test.each([
    ["a form", () => ({ url: "https://mail.test/", body: formOf("to", "a@x.test") })],
    ["a changing query", () => ({ url: `https://mail.test/?n=${calls++}`, body: "a" })],
  ])(
    "%s that is answered after a timeout's timer has looked on is sent once",
    async (_name, make) => {
      const { effects, seen, drive } = harness(
        () => {
          const { url, body } = make();
          setTimeout(() => {}, 10);
          const signal = AbortSignal.timeout(20_000);
          return statusOf(fetch(url, { method: "POST", body, signal }));
        },
        { answer: () => new Promise((done) => setTimeout(() => done(responseAnswer("{}")), 120)) },
      );
      expect((await drive()).status).toBe(200);
      expect([effects(), seen.inAction]).toEqual([1, 0]);
    },
  );

  test("another address each time is called once, and then the action serves", async () => {
    const real = vi.fn(async () => Response.json({}));
    vi.stubGlobal("fetch", real);
    const { effects, seen, drive } = harness(
      () => statusOf(fetch(`https://crm.test/${calls++}`, { method: "POST" })),
      idp(),
    );
    expect((await drive()).status).toBe(200);
    vi.unstubAllGlobals();
    expect([effects(), seen.inAction, real.mock.calls.length]).toEqual([1, 1, 1]);
  });

  test("a key that is drawn after many random bytes is the same in each run", async () => {
    const { effects, seen, drive } = harness(() => {
      for (let at = 0; at < 20; at++) crypto.getRandomValues(new Uint8Array(512));
      const headers = { "idempotency-key": crypto.randomUUID() };
      return statusOf(fetch("https://crm.test/", { method: "POST", headers }));
    }, idp());
    await drive();
    expect([effects(), seen.runs.length]).toEqual([1, 2]);
  });

  test("a duration that performance.now() measures is the same in each run", async () => {
    const { effects, seen, drive } = harness(() => {
      const body = String(performance.now());
      return statusOf(fetch("https://crm.test/", { method: "POST", body }));
    }, idp());
    await drive();
    expect([effects(), seen.runs.length]).toEqual([1, 2]);
  });

  test("a body of 4 MB is compared", async () => {
    const body = new Uint8Array(4_000_000).fill(200);
    const { effects, drive } = harness(
      () => statusOf(fetch("https://crm.test/", { method: "POST", body })),
      idp(),
    );
    await drive();
    expect(effects()).toBe(1);
  });
});

describe("a fetch as without kitcn", () => {
  const signal = AbortSignal.abort();
  test.each([
    ["whose signal is aborted", () => fetch("https://crm.test/", { method: "POST", signal })],
    ["of a Request that is aborted", () => fetch(new Request("https://crm.test/", { signal }))],
  ])("one %s is not sent", async (_name, call) => {
    const { effects, drive } = harness(
      async () =>
        new Response(
          await call().then(
            () => "sent",
            (error: Error) => error.name,
          ),
        ),
      { answer: () => responseAnswer("{}") },
    );
    expect([await (await drive()).text(), effects()]).toEqual(["AbortError", 0]);
  });

  test("a status above 599 is an answer", async () => {
    const { drive } = harness(
      async () => {
        const response = await fetch("https://linkedin.test/");
        return Response.json([response.status, response.ok, response.clone().status]);
      },
      { answer: () => ({ kind: "response", response: { status: 999, headers: [], body: null } }) },
    );
    expect(await (await drive()).json()).toEqual([999, false, 999]);
  });

  test("a date is one of Date", async () => {
    const { drive } = harness(async () => Response.json(new Date().constructor === Date));
    expect(await (await drive()).json()).toBe(true);
  });
});

describe("after-hooks", () => {
  const path = ["databaseHooks", "user", "create", "after"];

  function withHook(
    hook: (id: string) => Promise<void>,
    answer: () => Answer | Promise<Answer> = () => responseAnswer("done"),
  ) {
    let ids = 0;
    return harness(
      async ({ run, write }) => {
        const id = `user-${++ids}`;
        write(id);
        const call = run!.nextCallOf(path.join("."));
        if (run!.isPutOff(call)) run!.putOff({ path, args: JSON.stringify([id]), call });
        else await withinHook(call, () => hook(id));
        write(`session of ${id}`);
        return new Response("ok");
      },
      {
        answer,
        find: () => (id) => hook(String(id)),
      },
    );
  }

  test("one that carries a fresh id runs after the commit, with the id that stays", async () => {
    const real = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("done"));
    const told: string[] = [];
    const { seen, drive } = withHook(async (id) => {
      await fetch(`https://crm.test/${id}`);
      told.push(id);
    });
    expect((await drive()).status).toBe(200);
    expect(seen.inAction).toBe(0);
    expect(seen.asked).toEqual([]);
    const [kept] = seen.writes;
    expect(told).toEqual([kept]);
    expect(seen.writes).toEqual([kept, `session of ${kept}`]);
    expect(real).toHaveBeenCalledTimes(1);
  });

  test("one that waits does not repeat what was performed for it before", async () => {
    const real = vi.fn(async () => Response.json({}));
    vi.stubGlobal("fetch", real);
    const { seen, drive } = withHook(async (id) => {
      await post("the same");
      await post(`hello ${id}`);
    });
    await drive();
    vi.unstubAllGlobals();
    expect(seen.asked).toHaveLength(1);
    expect(real).toHaveBeenCalledTimes(1);
  });

  test("each of two that wait has the answers of its own calls only", async () => {
    const real = vi.fn(async (_url: string, _init?: RequestInit) => Response.json({}));
    vi.stubGlobal("fetch", real);
    let ids = 0;
    const hook = async (id: string) => {
      await post("hello");
      await post(`hello ${id}`);
    };
    const { seen, drive } = harness(
      async ({ run, write }) => {
        for (const _at of [1, 2]) {
          const id = `user-${++ids}`;
          write(id);
          run!.noteCreated(id);
          const call = run!.nextCallOf(path.join("."));
          if (run!.isPutOff(call)) run!.putOff({ path, args: JSON.stringify([id]), call });
          else await withinHook(call, () => hook(id));
        }
        return new Response("ok");
      },
      { answer: () => responseAnswer("done"), find: () => (id) => hook(String(id)) },
    );
    await drive();
    vi.unstubAllGlobals();
    const [one, other] = seen.writes;
    expect(seen.asked).toHaveLength(1);
    const sent = real.mock.calls.map(([, init]) => new Response(init?.body).text());
    expect(await Promise.all(sent)).toEqual([`hello ${one}`, "hello", `hello ${other}`]);
  });

  test("one within another waits with it", async () => {
    const { seen, drive } = withHook(
      async (id) => void (await withinHook("inner#0", () => post(id))),
    );
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("done"));
    expect((await drive()).status).toBe(200);
    expect(seen.inAction).toBe(0);
  });

  test("what is no part of it does not wait", async () => {
    const { seen, drive } = withHook(async (id) => void (await withoutHook(() => post(id))));
    // In the action, the handler of these tests fails for want of a run.
    await drive().catch(() => undefined);
    expect(seen.inAction).toBe(1);
  });

  test("one that waits takes over what is under way for it", async () => {
    const real = vi.fn(async () => Response.json({}));
    vi.stubGlobal("fetch", real);
    const { seen, drive } = withHook(
      async (id) => {
        await fetch("https://crm.test/lead", {
          method: "POST",
          signal: AbortSignal.timeout(20),
        }).catch(() => undefined);
        await post(`hello ${id}`);
      },
      () => new Promise((resolve) => setTimeout(() => resolve(responseAnswer("slow")), 80)),
    );
    await drive();
    vi.unstubAllGlobals();
    expect(seen.asked).toHaveLength(1);
    expect(real).toHaveBeenCalledTimes(1);
  });

  test("one that asks the same in each run stays where it is", async () => {
    const { seen, effects, drive } = withHook(async () => void (await post("always the same")));
    await drive();
    expect(effects()).toBe(1);
    expect(seen.writes).toHaveLength(2);
  });
});

describe("a stopped run", () => {
  test("gets no answer any more, so that a branch beside the question cannot go on", async () => {
    const after: string[] = [];
    let runs = 0;
    const { seen, drive } = harness(async ({ run, write }) => {
      runs++;
      const hash = run!.ask({ kind: "hashPassword", password: "pw" });
      const other = (async () => {
        await run!.ask({ kind: "verifyPassword", hash: "h", password: "other" });
        after.push(`run ${runs}`);
      })();
      await Promise.all([hash, other]);
      write("row");
      return new Response("ok");
    });
    await drive();
    expect(seen.asked.map(({ kind }) => kind)).toEqual(["hashPassword", "verifyPassword"]);
    expect(after).toEqual(["run 3"]);
    expect(seen.writes).toEqual(["row"]);
  });
});
