// Lists the passkeys of the signed-in user, and deletes them. Adds them in a browser: phones do not have the API of
// browsers that Better Auth's client needs for it.
import { Platform } from "react-native";
import { authClient } from "../auth-client.js";
import { Row, Section } from "./Section.js";
import { Button, Field, Form, Plain, Problem, useRequest } from "./shared.js";

export function Passkeys() {
  const { data: passkeys } = authClient.useListPasskeys();
  const adding = useRequest();
  const deleting = useRequest();

  async function add(text: (name: string) => string, clear: () => void) {
    const name = text("passkey").trim();
    const data = await adding.send(() => authClient.passkey.addPasskey({ name }));
    if (data) clear();
  }

  async function remove(id: string) {
    await deleting.send(() => authClient.passkey.deletePasskey({ id }));
  }

  return (
    <Section title="Passkeys">
      <Problem text={deleting.problem} />
      {passkeys?.map(({ id, name }) => (
        <Row key={id} title={name || "A passkey"}>
          <Button
            title={`Delete ${name || "the passkey"}`}
            isBusy={deleting.isBusy}
            onPress={() => void remove(id)}
          />
        </Row>
      ))}
      {Platform.OS === "web" ? (
        <Form request={adding} label="Add a passkey" onSend={add}>
          <Field name="passkey" label="Name of the passkey" />
        </Form>
      ) : (
        <Plain text="To add a passkey, open this app in a browser." />
      )}
    </Section>
  );
}
