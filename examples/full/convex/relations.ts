import { relations as defineRelations } from "kitcn/orm";

export const relations = defineRelations({
  projects: {
    owner: { one: "user", from: "ownerId", to: "_id" },
    organization: { one: "organization", from: "organizationId", to: "_id" },
    tasks: { many: "tasks", from: "_id", to: "projectId" },
  },
  tasks: {
    project: { one: "projects", from: "projectId", to: "_id" },
  },
  organization: {
    projects: { many: "projects", from: "_id", to: "organizationId" },
  },
});

export default relations;
