export const extraPlugins = [] as const;
