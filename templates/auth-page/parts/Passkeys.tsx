"use client";

// Lists the passkeys of the signed-in user, adds and deletes them.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { Row, Section } from "./Section.js";
import { Action, Field, Form, Problem, useRequest } from "./shared.js";

export function Passkeys() {
  const { data: passkeys } = authClient.useListPasskeys();
  const adding = useRequest();
  const deleting = useRequest();

  async function add(text: (name: string) => string, form: HTMLFormElement) {
    const name = text("passkey").trim();
    const data = await adding.send(() => authClient.passkey.addPasskey({ name }));
    if (data) form.reset();
  }

  async function remove(id: string) {
    await deleting.send(() => authClient.passkey.deletePasskey({ id }));
  }

  return (
    <Section title="Passkeys">
      <Problem text={deleting.problem} />
      <ul className={styles.list}>
        {passkeys?.map(({ id, name }) => (
          <Row key={id} title={name || "A passkey"}>
            <Action request={deleting} onSend={() => remove(id)}>
              Delete
            </Action>
          </Row>
        ))}
      </ul>
      <Form request={adding} label="Add a passkey" onSend={add}>
        <Field label="Name of the passkey" name="passkey" placeholder="My phone" />
      </Form>
    </Section>
  );
}
