// What a build on a hosting platform says of itself: the branch, after which Convex names previews, and the address of
// the site that it makes. Pure: reads the variables that it is given.

type Variables = Readonly<Record<string, string | undefined>>;

/** The branch of a build, as `convex deploy` with a preview deploy key names its preview; undefined elsewhere. */
export function branchOfBuild(env: Variables): string | undefined {
  return firstOf(env, hostOf(env)?.branch);
}

/** Where the site of a build will be, as an origin; undefined where the platform does not say. */
export function siteOfBuild(env: Variables): string | undefined {
  const site = firstOf(env, hostOf(env)?.site);
  if (site === undefined) return undefined;
  const url = /^https?:\/\//.test(site) ? site : `https://${site}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

// --- internal ---

type Host = {
  /** Set in every build of the platform. */
  readonly flag: string;
  readonly branch: readonly string[];
  /** The address that stays for a branch before that of the one build. */
  readonly site: readonly string[];
};

/** In the order in which the convex CLI looks for them. */
const HOSTS: readonly Host[] = [
  {
    flag: "VERCEL",
    branch: ["VERCEL_GIT_COMMIT_REF"],
    site: ["VERCEL_BRANCH_URL", "VERCEL_URL"],
  },
  { flag: "NETLIFY", branch: ["HEAD"], site: ["DEPLOY_PRIME_URL", "DEPLOY_URL"] },
  { flag: "CF_PAGES", branch: ["CF_PAGES_BRANCH"], site: ["CF_PAGES_URL"] },
  { flag: "WORKERS_CI", branch: ["WORKERS_CI_BRANCH"], site: [] },
  { flag: "CI", branch: ["GITHUB_HEAD_REF", "CI_COMMIT_REF_NAME"], site: [] },
];

function hostOf(env: Variables): Host | undefined {
  return HOSTS.find(({ flag }) => env[flag]);
}

function firstOf(env: Variables, names: readonly string[] = []): string | undefined {
  return names.map((name) => env[name]).find(Boolean);
}
