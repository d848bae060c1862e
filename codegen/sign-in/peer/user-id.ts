// The field `userId` of the user, which the library's setUserId() writes: with kitcn it is a field of auth.ts like others.
// Into an editor.
import type { ObjectExpression } from "@babel/types";
import { findProperty, insertMembers } from "../../edit/index.js";
import type { Edit } from "../common/types.js";

/**
 * Declares the field among the fields of the user, where it is not declared.
 *
 * @returns the member that the options need for it; empty where they have a user
 */
export function addUserId({ editor }: Edit, options: ObjectExpression): string {
  const user = objectAt(options, "user");
  if (!user) return `user: { additionalFields: { ${FIELD} } }`;
  const fields = objectAt(user, "additionalFields");
  if (!fields) insertMembers(editor, user, [`additionalFields: { ${FIELD} }`]);
  else if (!findProperty(fields, "userId")) insertMembers(editor, fields, [FIELD]);
  return "";
}

/** False where the fields of the user are not written out. */
export function takesUserId(options: ObjectExpression): boolean {
  const isSpread = options.properties.some(({ type }) => type === "SpreadElement");
  if (!findProperty(options, "user")) return !isSpread;
  const user = objectAt(options, "user");
  if (!user) return false;
  return (
    !findProperty(user, "additionalFields") || objectAt(user, "additionalFields") !== undefined
  );
}

// --- internal ---

/** Only functions of the app write it. */
const FIELD = 'userId: { type: "string", required: false, input: false }';

function objectAt(options: ObjectExpression, name: string): ObjectExpression | undefined {
  const member = findProperty(options, name);
  const value = member?.type === "ObjectProperty" ? member.value : undefined;
  return value?.type === "ObjectExpression" ? value : undefined;
}
