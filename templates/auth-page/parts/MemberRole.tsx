"use client";

// Changes the role of a member of an organization.
import { useId } from "react";
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { CREATOR_ROLE, ROLES, rolesIn } from "./roles.js";
import { Form, useRequest } from "./shared.js";

type Role = Parameters<typeof authClient.organization.updateMemberRole>[0]["role"];

export function MemberRole({
  organizationId,
  memberId,
  name,
  role: current,
  isByOwner,
}: {
  organizationId: string;
  memberId: string;
  name: string;
  /** Several ones are separated by commas. */
  role: string;
  /** True if the signed-in user may also give the role of the creator. */
  isByOwner: boolean;
}) {
  const id = useId();
  const request = useRequest();
  const choices = new Set([current, ...ROLES, ...(isByOwner ? [CREATOR_ROLE] : [])]);

  async function send(text: (name: string) => string) {
    const chosen = text("member-role");
    const role = rolesIn(chosen) as Role; // roles that auth.ts has
    const data = await request.send(() =>
      authClient.organization.updateMemberRole({ memberId, role, organizationId }),
    );
    if (data) request.setNotice(`${name} has the role ${chosen}.`);
  }

  return (
    <details>
      <summary>Role of {name}</summary>
      <Form request={request} label={`Change role of ${name}`} onSend={send}>
        <div className={styles.field}>
          <label htmlFor={id}>New role</label>
          <select
            key={current}
            id={id}
            name="member-role"
            className={styles.input}
            defaultValue={current}
          >
            {[...choices].map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </div>
      </Form>
    </details>
  );
}
