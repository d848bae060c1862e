// The organizations that somebody belongs to: which one is active, and a new one.
import { authClient } from "../auth-client.js";
import { Row, Section } from "./Section.js";
import {
  Button,
  // @if organization-create
  Field,
  Form,
  // @end
  Plain,
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

  async function create(text: (name: string) => string, clear: () => void) {
    const name = text("organization").trim();
    const data = await creating.send(() =>
      authClient.organization.create({ name, slug: slugOf(name) }),
    );
    if (!data) return;
    clear();
    creating.setNotice(`${name} is created.`);
    await onChange();
  }
  // @end

  return (
    <Section title="Organizations">
      <Problem text={switching.problem} />
      {all.map(({ id, name }) => (
        <Row key={id} title={name}>
          {id === active ? (
            <Plain text="Active" />
          ) : (
            <Button
              title={`Switch to ${name}`}
              isBusy={switching.isBusy}
              onPress={() => void choose(id)}
            />
          )}
        </Row>
      ))}
      {/* @if organization-create */}
      <Form request={creating} label="Create organization" onSend={create}>
        <Field name="organization" label="Name of the organization" autoComplete="organization" />
      </Form>
      {/* @end */}
    </Section>
  );
}
