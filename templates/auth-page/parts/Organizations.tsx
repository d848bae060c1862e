"use client";

// The organizations that somebody belongs to: which one is active, and a new one.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { Row, Section } from "./Section.js";
import {
  Action,
  // @if organization-create
  Field,
  Form,
  // @end
  Problem,
  useRequest,
} from "./shared.js";
// @if organization-create
import { slugOf } from "./slug.js";
// @end

export function Organizations({
  active,
  all,
  // @if organization-create
  onChange,
  // @end
}: {
  /** Id of the active one. */
  active: string | undefined;
  all: { id: string; name: string }[];
  // @if organization-create
  onChange: () => Promise<void>;
  // @end
}) {
  const switching = useRequest();
  // @if organization-create
  const creating = useRequest();
  // @end

  async function choose(organizationId: string) {
    await switching.send(() => authClient.organization.setActive({ organizationId }));
  }
  // @if organization-create

  async function create(text: (name: string) => string, form: HTMLFormElement) {
    const name = text("organization").trim();
    const data = await creating.send(() =>
      authClient.organization.create({ name, slug: slugOf(name) }),
    );
    if (!data) return;
    form.reset();
    creating.setNotice(`${name} is created.`);
    await onChange();
  }
  // @end

  return (
    <Section title="Organizations">
      <Problem text={switching.problem} />
      <ul className={styles.list}>
        {all.map(({ id, name }) => (
          <Row key={id} title={name}>
            {id === active ? (
              <span>Active</span>
            ) : (
              <Action request={switching} onSend={() => choose(id)}>
                Switch to {name}
              </Action>
            )}
          </Row>
        ))}
      </ul>
      {/* @if organization-create */}
      <Form request={creating} label="Create organization" onSend={create}>
        <Field label="Name of the organization" name="organization" autoComplete="organization" />
      </Form>
      {/* @end */}
    </Section>
  );
}
