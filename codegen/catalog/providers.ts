// The social providers that `kitcn add social` knows, as data: every one of better-auth. A test holds this table against
// the installed package. Makes no text and no edit.
import type { Code, ProviderEntry } from "./types.js";

/** Every provider, in the order in which it is listed. */
export const PROVIDERS: readonly ProviderEntry[] = [
  {
    name: "google",
    title: "Google",
    options: credentials("GOOGLE"),
    register: "https://console.cloud.google.com/apis/credentials",
  },
  {
    name: "github",
    title: "GitHub",
    options: credentials("GITHUB"),
    register: "https://github.com/settings/developers",
    after: "A GitHub App needs the account permission `Email addresses`; an OAuth app does not.",
  },
  {
    name: "apple",
    title: "Apple",
    options: `{
      clientId: env("APPLE_CLIENT_ID"),
      // TODO(kitcn): Apple's secret is a JWT that you sign with your key. Renew it: it lasts for six months at most.
      clientSecret: env("APPLE_CLIENT_SECRET"),
      // For the id tokens of an iOS app: appBundleIdentifier: "com.example.app",
    }`,
    register: "https://developer.apple.com/account/resources/identifiers/list/serviceId",
    after:
      "Apple redirects to https addresses only, and posts: add https://appleid.apple.com to `trustedOrigins`.",
  },
  {
    name: "microsoft",
    aliases: ["entra", "microsoft-entra-id", "azure"],
    title: "Microsoft",
    options: `{
      clientId: env("MICROSOFT_CLIENT_ID"),
      clientSecret: env("MICROSOFT_CLIENT_SECRET"),
      // TODO(kitcn): "common" admits every Microsoft account. The id of your tenant admits your organization alone.
      tenantId: "common",
    }`,
    register:
      "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
  },
  {
    name: "facebook",
    aliases: ["meta"],
    title: "Facebook",
    options: credentials("FACEBOOK"),
    register: "https://developers.facebook.com/apps",
  },
  {
    name: "discord",
    title: "Discord",
    options: credentials("DISCORD"),
    register: "https://discord.com/developers/applications",
  },
  {
    name: "twitter",
    aliases: ["x"],
    title: "X",
    options: credentials("TWITTER"),
    register: "https://developer.x.com/en/portal/dashboard",
    after: "X gives an address only to apps that ask for it: switch on `Request email from users`.",
  },
  {
    name: "linkedin",
    title: "LinkedIn",
    options: credentials("LINKEDIN"),
    register: "https://www.linkedin.com/developers/apps",
    after: "Add the product `Sign In with LinkedIn using OpenID Connect` to the app.",
  },
  {
    name: "gitlab",
    title: "GitLab",
    options: credentials("GITLAB"),
    register: "https://gitlab.com/-/user_settings/applications",
    after: "For your own GitLab server, add the option `issuer` with its address.",
  },
  {
    name: "slack",
    title: "Slack",
    options: credentials("SLACK"),
    register: "https://api.slack.com/apps",
    after: "Slack redirects to https addresses only.",
  },
  {
    name: "spotify",
    title: "Spotify",
    options: credentials("SPOTIFY"),
    register: "https://developer.spotify.com/dashboard",
    after: "Spotify takes http://127.0.0.1 in development, and refuses http://localhost.",
  },
  {
    name: "twitch",
    title: "Twitch",
    options: credentials("TWITCH"),
    register: "https://dev.twitch.tv/console/apps",
  },
  {
    name: "tiktok",
    title: "TikTok",
    options: `{
      clientKey: env("TIKTOK_CLIENT_KEY"),
      clientSecret: env("TIKTOK_CLIENT_SECRET"),
    }`,
    register: "https://developers.tiktok.com/apps",
    after: "TikTok redirects to https addresses only, and gives no email address.",
  },
  {
    name: "notion",
    title: "Notion",
    options: credentials("NOTION"),
    register: "https://www.notion.so/my-integrations",
  },
  {
    name: "figma",
    title: "Figma",
    options: credentials("FIGMA"),
    register: "https://www.figma.com/developers/apps",
  },
  {
    name: "linear",
    title: "Linear",
    options: credentials("LINEAR"),
    register: "https://linear.app/settings/api",
  },
  {
    name: "vercel",
    title: "Vercel",
    options: credentials("VERCEL"),
    register: "https://vercel.com/account/integrations",
  },
  {
    name: "cloudflare",
    title: "Cloudflare",
    options: credentials("CLOUDFLARE"),
    register: "https://dash.cloudflare.com/?to=/:account/oauth-clients",
    after: "Give the client the scope `User Details Read`.",
  },
  {
    name: "atlassian",
    aliases: ["jira"],
    title: "Atlassian",
    options: credentials("ATLASSIAN"),
    register: "https://developer.atlassian.com/console/myapps/",
  },
  {
    name: "cognito",
    aliases: ["amazon-cognito", "aws-cognito"],
    title: "Cognito",
    options: `{
      clientId: env("COGNITO_CLIENT_ID"),
      clientSecret: env("COGNITO_CLIENT_SECRET"),
      // TODO(kitcn): set the domain, the region and the id of your user pool. Better Auth does not start without any.
      domain: env("COGNITO_DOMAIN", "not-set"),
      region: env("COGNITO_REGION", "not-set"),
      userPoolId: env("COGNITO_USERPOOL_ID", "not-set"),
    }`,
    register: "https://console.aws.amazon.com/cognito/v2/idp/user-pools",
  },
  {
    name: "salesforce",
    title: "Salesforce",
    options: `{
      clientId: env("SALESFORCE_CLIENT_ID"),
      clientSecret: env("SALESFORCE_CLIENT_SECRET"),
      // TODO(kitcn): "sandbox" for an org that is one. For a domain of yours, add loginUrl: "example.my.salesforce.com".
      environment: "production",
    }`,
    register: "https://login.salesforce.com/lightning/setup/NavigationMenus/home",
  },
  {
    name: "paypal",
    title: "PayPal",
    options: `{
      clientId: env("PAYPAL_CLIENT_ID"),
      clientSecret: env("PAYPAL_CLIENT_SECRET"),
      // TODO(kitcn): "live" admits real accounts, with the id and secret of a live app.
      environment: "sandbox",
    }`,
    register: "https://developer.paypal.com/dashboard/applications",
  },
  {
    name: "dropbox",
    title: "Dropbox",
    options: credentials("DROPBOX"),
    register: "https://www.dropbox.com/developers/apps",
  },
  {
    name: "reddit",
    title: "Reddit",
    options: credentials("REDDIT"),
    register: "https://www.reddit.com/prefs/apps",
    after: "Reddit gives no email address.",
  },
  {
    name: "roblox",
    title: "Roblox",
    options: credentials("ROBLOX"),
    register: "https://create.roblox.com/dashboard/credentials",
    after: "Roblox gives no email address.",
  },
  {
    name: "kick",
    title: "Kick",
    options: credentials("KICK"),
    register: "https://kick.com/settings/developer",
  },
  {
    name: "zoom",
    title: "Zoom",
    options: credentials("ZOOM"),
    register: "https://marketplace.zoom.us/develop/create",
  },
  {
    name: "huggingface",
    title: "Hugging Face",
    options: credentials("HUGGINGFACE"),
    register: "https://huggingface.co/settings/applications/new",
    after: "Give the app the scope `email`.",
  },
  {
    name: "polar",
    title: "Polar",
    options: credentials("POLAR"),
    register: "https://polar.sh/dashboard/account/developer",
  },
  {
    name: "railway",
    title: "Railway",
    options: credentials("RAILWAY"),
    register: "https://railway.com/workspace/developer",
  },
  {
    name: "line",
    title: "LINE",
    options: credentials("LINE"),
    register: "https://developers.line.biz/console/",
    after: "LINE gives an address only to channels that applied for the email permission.",
  },
  {
    name: "kakao",
    title: "Kakao",
    options: credentials("KAKAO"),
    register: "https://developers.kakao.com/console/app",
  },
  {
    name: "naver",
    title: "Naver",
    options: credentials("NAVER"),
    register: "https://developers.naver.com/apps/",
  },
  {
    name: "wechat",
    title: "WeChat",
    options: credentials("WECHAT"),
    register: "https://open.weixin.qq.com/",
    after: "WeChat gives no email address.",
  },
  {
    name: "vk",
    title: "VK",
    options: credentials("VK"),
    register: "https://id.vk.com/about/business/go",
  },
  {
    name: "paybin",
    title: "Paybin",
    options: credentials("PAYBIN"),
    register: "https://portfolio.paybin.io",
  },
];

/** What people read on a button: the name of a provider that kitcn knows, else its id with a capital. */
export function titleOf(id: string): string {
  const known = PROVIDERS.find(({ name }) => name === id);
  return known?.title ?? id.charAt(0).toUpperCase() + id.slice(1);
}

/** True for a provider of Better Auth's own, false for one that an app configures itself. */
export function isKnownProvider(id: string): boolean {
  return PROVIDERS.some(({ name }) => name === id);
}

// --- internal ---

/** The two options that most providers take. */
function credentials(prefix: string): Code {
  return `{
      clientId: env("${prefix}_CLIENT_ID"),
      clientSecret: env("${prefix}_CLIENT_SECRET"),
    }`;
}
