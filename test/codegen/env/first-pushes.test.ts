// Two first pushes at the same time, as two builds of one branch make them: the keys fit the secret that stays.
import { expect, test } from "vitest";
import type { ConvexCli } from "../../../codegen/env/convex-cli.js";
import { pushEnv, type EnvPushInput } from "../../../codegen/env/push-env.js";

/** A deployment whose keys are encrypted with its secret: who asks for those of another secret gets new ones. */
function deployment() {
  const env: Record<string, string> = {};
  const keysOf = (secret: string) =>
    JSON.stringify([
      {
        ...{ id: secret, publicKey: '{"kty":"RSA","n":"x","e":"AQAB"}', privateKey: "p" },
        createdAt: 1,
      },
    ]);
  const cli: ConvexCli = {
    listEnv: async () => ({ ...env }),
    setEnv: async (values) => void Object.assign(env, values),
    push: async () => {},
    run: async () => keysOf(env.BETTER_AUTH_SECRET ?? ""),
  };
  const input = (own: Partial<ConvexCli> = {}): EnvPushInput => ({
    ...{ mode: "preview", file: {}, fileName: "convex/.env", cli: { ...cli, ...own } },
  });
  return { env, cli, input, keysOf };
}

test.each(["before this one asks for keys", "before this one stores its keys"])(
  "another push that ends %s",
  async (moment) => {
    const { env, cli, input, keysOf } = deployment();
    // The other one listed the variables before this one set any.
    const listed = [{}];
    const other = () => pushEnv(input({ listEnv: async () => listed.pop() ?? cli.listEnv() }));
    const others = [other];
    const run: ConvexCli["run"] = async (...args) => {
      if (moment === "before this one asks for keys") await others.pop()?.();
      const keys = await cli.run(...args);
      await others.pop()?.();
      return keys;
    };
    await pushEnv(input({ run }));
    expect(others).toEqual([]);
    expect(env.JWKS).toBe(keysOf(env.BETTER_AUTH_SECRET ?? ""));
  },
);
