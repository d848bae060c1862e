export const extraPlugins = [] as const;

export const extraFields = {} as const;
