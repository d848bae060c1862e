// The server's plugin of Nuxt apps, as an app's build has it, but with stand-ins for what Nitro and h3 give it. A build of
// a whole app is in the matrix.
import { beforeAll, expect, test } from "vitest";
import {
  isDown,
  isOver,
  loadTemplate,
  PRIVATE,
  PUBLIC as CACHED,
  SIGNED_IN,
  stubSite,
} from "./support/template.js";

type Event = {
  readonly headers: Headers;
  readonly rules: Record<string, unknown>;
  readonly context: {
    getConvexToken?: () => Promise<string | null | undefined>;
    cache?: object;
  };
  readonly sent: Record<string, string>;
};

type Hook = (event: Event) => void;

type Nitro = { hooks: { hook: (name: string, run: Hook) => void } };

const STAND_INS: Record<string, string> = {
  "#imports": `export const defineNitroPlugin = (plugin) => plugin;
export const getRouteRules = (event) => event.rules;
export const useRuntimeConfig = () => ({
  public: { convexUrl: "https://happy-animal-123.convex.cloud", convexSiteUrl: "" },
});`,
  h3: `export const getResponseHeaders = (event) => event.sent;
export const removeResponseHeader = (event, name) => { delete event.sent[name]; };
export const setResponseHeader = (event, name, value) => { event.sent[name] = value; };`,
};

const hooks: Record<string, Hook> = {};

beforeAll(async () => {
  const module = await loadTemplate<{ default: (nitro: Nitro) => void }>(
    "nuxt/server/plugins/convex-auth.ts",
    {
      standIns: STAND_INS,
      // Nitro's bundler sets it, true for a page that the build renders.
      define: { "import.meta.prerender": "false" },
    },
  );
  module.default({ hooks: { hook: (name, run) => (hooks[name] = run) } });
});

const send = stubSite();

const PUBLIC = { ...CACHED, etag: '"1"' };

/** A request for a page that asks for its user's token, as the app's plugin does. */
async function render({
  cookie = "",
  rules = {},
  isCaching = false,
}: {
  cookie?: string;
  rules?: Event["rules"];
  isCaching?: boolean;
}) {
  const event: Event = {
    headers: new Headers({ cookie }),
    rules,
    context: {},
    sent: { ...PUBLIC },
  };
  hooks.request!(event);
  const { getConvexToken } = event.context;
  // Nitro's cache sets it before it calls the handler of the page.
  if (isCaching) event.context.cache = {};
  const token = await getConvexToken?.();
  hooks.beforeResponse!(event);
  return { token, sent: event.sent };
}

test("no cache keeps the page of a signed-in user, though the page allows it", async () => {
  const { token, sent } = await render({ cookie: SIGNED_IN });
  expect(token).toBe("a.b.c");
  expect(sent).toEqual({ ...PRIVATE, etag: '"1"' });
  expect(send).toHaveBeenCalledTimes(1);
});

test("a visitor's page keeps what it says, also where a session is over", async () => {
  expect(await render({})).toEqual({ token: null, sent: PUBLIC });
  expect(send).not.toHaveBeenCalled();
  send.mockImplementation(isOver);
  expect(await render({ cookie: SIGNED_IN })).toEqual({ token: null, sent: PUBLIC });
});

test.each([{ cache: { swr: true, maxAge: 600 } }, { isr: 60 }, { isr: true }, { prerender: true }])(
  "a page that is made once for everybody has no user: %j",
  async (rules) => {
    expect(await render({ cookie: SIGNED_IN, rules })).toEqual({ token: undefined, sent: PUBLIC });
    expect(send).not.toHaveBeenCalled();
  },
);

test("a page that Nitro's cache renders has no user, whatever the rules of its path", async () => {
  expect(await render({ cookie: SIGNED_IN, isCaching: true })).toEqual({
    token: undefined,
    sent: PUBLIC,
  });
  expect(send).not.toHaveBeenCalled();
});

test("what does not ask for a token is sent as it is", () => {
  const sent = { ...PUBLIC };
  const headers = new Headers({ cookie: SIGNED_IN });
  const event: Event = { headers, rules: {}, context: {}, sent };
  hooks.request!(event);
  hooks.beforeResponse!(event);
  expect(sent).toEqual(PUBLIC);
  expect(send).not.toHaveBeenCalled();
});

test("if Convex cannot be reached, a signed-in user does not get a visitor's page", async () => {
  send.mockImplementation(isDown);
  await expect(render({ cookie: SIGNED_IN })).rejects.toMatchObject({ code: "TOKEN_UNAVAILABLE" });
});
