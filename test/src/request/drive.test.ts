import { describe, expect, test } from "vitest";
import { driveRequest, rolledBack, type Driver } from "../../../src/request/drive.js";
import { loadResponse, toRequest } from "../../../src/request/message.js";
import { withinRun } from "../../../src/request/effects.js";
import {
  isSameQuestion,
  runHandler,
  type Answer,
  type Question,
  type RequestRun,
} from "../../../src/request/run.js";

/** A driver over one handler, with "transactions" that keep `writes` only when they commit. */
function harness(
  handler: (run: RequestRun, write: (row: string) => void, request: Request) => Promise<Response>,
  answer: (question: Question) => Answer = () => ({ kind: "text", text: "hashed" }),
) {
  const seen = {
    runs: [] as string[],
    writes: [] as string[],
    asked: [] as Question[],
    inAction: 0,
  };
  const driver: Driver = {
    isForAction: () => false,
    call: async (context, { request, answered }) => {
      seen.runs.push(context);
      const pending: string[] = [];
      const { outcome, run } = await runHandler({
        context,
        answered,
        handler: (current) =>
          withinRun(current, async () => {
            const write = (row: string) => {
              current.markDirty();
              pending.push(row);
            };
            return loadResponse(await handler(current, write, toRequest(request)));
          }),
      });
      if (run.isDirty() && (outcome.kind !== "response" || run.mustRollBack())) {
        throw rolledBack(outcome);
      }
      seen.writes.push(...pending);
      return outcome;
    },
    answer: async (question) => {
      seen.asked.push(question);
      return answer(question);
    },
    callBack: async () => {},
    serveInAction: async () => {
      seen.inAction++;
      return new Response("from the action");
    },
  };
  return {
    seen,
    drive: (method = "POST") => driveRequest(new Request("https://x.test/", { method }), driver),
  };
}

describe("driveRequest", () => {
  test("a request that only reads is one query", async () => {
    const { seen, drive } = harness(async () => new Response("ok"));
    expect(await (await drive("GET")).text()).toBe("ok");
    expect(seen).toMatchObject({ runs: ["query"], asked: [] });
  });

  test("a GET that turns out to write goes to a mutation", async () => {
    const { seen, drive } = harness(async (run, write) => {
      if (run.context === "query") await run.escalate("mutation", "writes");
      write("session");
      return new Response("ok");
    });
    await drive("GET");
    expect(seen).toMatchObject({ runs: ["query", "mutation"], writes: ["session"] });
  });

  test("a hash is computed once, outside, and every write is in one run", async () => {
    const { seen, drive } = harness(async (run, write) => {
      write("verification");
      const hash = await run.ask({ kind: "hashPassword", password: "pw" });
      write(`user ${hash.kind}`);
      write("session");
      return new Response("ok");
    });
    await drive();
    expect(seen.runs).toEqual(["mutation", "mutation"]);
    expect(seen.writes).toEqual(["verification", "user text", "session"]);
    expect(seen.asked).toHaveLength(1);
  });

  test("a question is known again with its members in another order", () => {
    const question = { kind: "verifyPassword", hash: "h", password: "p" } as const;
    const sorted = { hash: "h", kind: "verifyPassword", password: "p" } as const;
    expect(isSameQuestion(question, sorted)).toBe(true);
    expect(isSameQuestion(question, { ...sorted, password: "q" })).toBe(false);
  });

  test("a fetch is performed once, after two runs asked for the same", async () => {
    const { seen, drive } = harness(
      async (_run, write) => {
        write("state consumed");
        const token = await (
          await fetch("https://idp.test/token", { method: "POST", body: "code=1" })
        ).text();
        write(token);
        return new Response("ok");
      },
      () => ({
        kind: "response",
        response: {
          status: 200,
          headers: [],
          body: new TextEncoder().encode("tok").buffer as ArrayBuffer,
        },
      }),
    );
    await drive();
    expect(seen.runs).toEqual(["mutation", "mutation", "mutation"]);
    expect(seen.asked).toHaveLength(1);
    expect(seen.writes).toEqual(["state consumed", "tok"]);
  });

  test("a fetch that differs in each run is never performed: the action serves the request", async () => {
    let runs = 0;
    const { seen, drive } = harness(async (_run, write) => {
      write("row");
      await fetch(`https://mail.test/?link=${runs++}`);
      return new Response("ok");
    });
    expect(await (await drive()).text()).toBe("from the action");
    expect(seen).toMatchObject({ asked: [], writes: [], inAction: 1 });
  });

  test("a response of a failed transaction reaches the client, its writes do not stay", async () => {
    const { seen, drive } = harness(async (run, write) => {
      write("half a user");
      run.markFailed();
      return new Response("no", { status: 422 });
    });
    expect((await drive()).status).toBe(422);
    expect(seen.writes).toEqual([]);
  });

  test("timers do not wait inside a run; the answer is held back instead", async () => {
    const { drive } = harness(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new Response("ok");
    });
    expect(await (await drive()).text()).toBe("ok");
  });

  test("a handler that asks something new in every run is refused by name", async () => {
    let runs = 0;
    const { drive } = harness(async (run) => {
      await run.ask({ kind: "hashPassword", password: String(runs++) });
      return new Response("ok");
    });
    await expect(drive()).rejects.toMatchObject({ code: "REQUEST_NEVER_SETTLES" });
  });

  test("an error of the handler is the error of the request", async () => {
    const { drive } = harness(async () => {
      throw new Error("boom");
    });
    await expect(drive()).rejects.toThrow("boom");
  });
});
