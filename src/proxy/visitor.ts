// Where a request comes from, as what stands in front of this server says, and not as the client says.
// Must not know any framework.
import { invalidProxy } from "../errors/proxy.js";

/** Platforms that write the client's address into a header of their own, whatever the client sent. */
const PLATFORMS = {
  vercel: "x-vercel-forwarded-for",
  netlify: "x-nf-client-connection-ip",
  cloudflare: "cf-connecting-ip",
  fly: "fly-client-ip",
} as const;

/**
 * What stands in front of the server.
 *
 * - `"auto"`: Vercel, Netlify, Cloudflare Pages and Fly are known by their environment. Elsewhere an address that your
 *   code passes counts (`kitcn/auth/web`), and without one the last entry of `x-forwarded-for`, as the nearest proxy or
 *   the server itself wrote it.
 * - `"none"`: nothing. No header of a request says where it comes from; only a server that tells the address of the
 *   connection (TanStack Start on Node) has one.
 * - a platform by name.
 * - `{ hops }`: that many proxies, each of which appends to `x-forwarded-for` and sets `x-forwarded-proto`. With
 *   `host: true` they set `x-forwarded-host`, too.
 */
export type FrontProxy =
  "auto" | "none" | keyof typeof PLATFORMS | { readonly hops: number; readonly host?: boolean };

/** What is known of a request. `url` is absent where only its headers are. */
export type Visit = {
  readonly headers: Headers;
  readonly url?: string | undefined;
  /** The address of the connection, where the server tells it. */
  readonly ip?: string | undefined;
  /** True where the app's own code passed the address: then no client's header may replace it. */
  readonly isIpPassed?: boolean;
};

/**
 * The forwarded headers to send on; no others say where the request comes from.
 *
 * @throws KitcnError `INVALID_PROXY`
 */
export function forwardedOf(visit: Visit, proxy: FrontProxy = "auto"): Record<string, string> {
  const { address: written, isProtoTrusted, isHostTrusted } = trustOf(visit, proxy);
  const address = addressIn(written);
  const { headers } = visit;
  const url = visit.url === undefined ? undefined : new URL(visit.url);
  const host =
    (isHostTrusted && lastOf(headers.get("x-forwarded-host"))) ||
    (headers.get("host") ?? url?.host);
  const given = isProtoTrusted ? lastOf(headers.get("x-forwarded-proto")) : undefined;
  const proto = given === "http" || given === "https" ? given : url?.protocol.replace(":", "");
  return {
    ...(address !== undefined && { "x-forwarded-for": address }),
    ...(host && { "x-forwarded-host": host }),
    ...(proto && { "x-forwarded-proto": proto }),
  };
}

/** True for a header by which somebody may say where a request comes from. */
export function isClaim(name: string): boolean {
  return CLAIMS.test(name);
}

// --- internal ---

const CLAIMS = new RegExp(
  `^(forwarded|x-forwarded(-.*)?|x-real-ip|x-(cluster-)?client-ip|client-ip|true-client-ip|x-original-.*|x-host|${[
    ...Object.values(PLATFORMS),
    "cf-connecting-ipv6",
    "fastly-client-ip",
    "x-azure-clientip",
    "x-appengine-user-ip",
    "x-vercel-proxied-for",
  ].join("|")})$`,
  "i",
);

type Trust = {
  readonly address: string | undefined;
  readonly isProtoTrusted: boolean;
  readonly isHostTrusted: boolean;
};

function trustOf({ headers, ip, isIpPassed = false }: Visit, proxy: FrontProxy): Trust {
  const chain = headers.get("x-forwarded-for");
  if (proxy === "none") return { address: ip, isProtoTrusted: false, isHostTrusted: false };
  if (proxy === "auto") {
    const passed = isIpPassed ? ip : undefined;
    const platform = platformHere();
    if (platform) {
      const trust = trustOf({ headers }, platform);
      return { ...trust, address: trust.address ?? passed };
    }
    const address = passed ?? lastOf(chain) ?? ip;
    return { address, isProtoTrusted: false, isHostTrusted: false };
  }
  if (typeof proxy === "string" && Object.hasOwn(PLATFORMS, proxy)) {
    const address = lastOf(headers.get(PLATFORMS[proxy]));
    return { address, isProtoTrusted: true, isHostTrusted: false };
  }
  const given = proxy as FrontProxy | null; // callers without types
  if (
    typeof given !== "object" ||
    given === null ||
    !Number.isInteger(given.hops) ||
    given.hops < 1
  )
    throw invalidProxy({
      given: JSON.stringify(proxy),
      platforms: Object.keys(PLATFORMS).map((name) => `"${name}"`),
    });
  const address = entriesOf(chain).at(-given.hops);
  return { address, isProtoTrusted: true, isHostTrusted: given.host === true };
}

/** Bundlers replace these variables by their full names only. */
function platformHere(): keyof typeof PLATFORMS | undefined {
  if (typeof process === "undefined") return undefined;
  if (process.env.VERCEL) return "vercel";
  if (process.env.NETLIFY) return "netlify";
  if (process.env.CF_PAGES) return "cloudflare";
  return process.env.FLY_APP_NAME ? "fly" : undefined;
}

function entriesOf(list: string | null): string[] {
  const entries = (list ?? "").split(",").map((entry) => entry.trim());
  return entries.filter(Boolean);
}

function lastOf(list: string | null): string | undefined {
  return entriesOf(list).at(-1);
}

/**
 * The address alone: some gateways (Azure's) add the port, and Better Auth takes an address with one for none, so that
 * the limits by address would count nothing.
 */
function addressIn(text: string | undefined): string | undefined {
  const [, bracketed, withPort] =
    /^\[([0-9a-f.:]+)\](?::\d+)?$|^(\d+(?:\.\d+){3}):\d+$/i.exec(text ?? "") ?? [];
  const address = bracketed ?? withPort ?? text;
  return address !== undefined && /^[0-9a-f.:]+$/i.test(address) ? address : undefined;
}
