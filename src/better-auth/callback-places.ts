// The fields of a body or a query that say where Better Auth sends the browser afterwards. Pure; must not judge whether
// a place is trusted, since Better Auth does.

/** The places that a body or a query names, by field. */
export function placesOf(values: unknown): [field: string, place: string][] {
  if (typeof values !== "object" || values === null) return [];
  const given = values as Record<string, unknown>; // any object may be read so
  return FIELDS.flatMap((field): [string, string][] => {
    const place = given[field];
    return typeof place === "string" ? [[field, place]] : [];
  });
}

/** The fields that `change` gives another place. */
export function changedPlaces(
  values: unknown,
  change: (place: string, field: string) => string,
): Record<string, string> {
  const changed = placesOf(values).map(([field, place]) => ({
    field,
    place,
    next: change(place, field),
  }));
  return Object.fromEntries(
    changed.filter(({ place, next }) => next !== place).map(({ field, next }) => [field, next]),
  );
}

// --- internal ---

const FIELDS = ["callbackURL", "newUserCallbackURL", "errorCallbackURL", "redirectTo"] as const;
