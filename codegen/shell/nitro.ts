// What Nuxt and SolidStart have in common: Nitro, the server that they build. Pure; must not read the workspace.

/** True for a preset of Nitro that makes files alone, which no server renders for a user. */
export function isStaticPreset(preset: string): boolean {
  return /(^|[-_])static$|^git(hub|lab)[-_]pages$/.test(preset);
}
