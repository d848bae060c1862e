// The tables of our own adapter tests: a plugin with what Better Auth's core lacks, and its rows.
import type { BetterAuthOptions, DBAdapter, Where } from "better-auth";

/** A plugin with what the core tables lack: counters, compound uniques, every kind of reference. */
const venue = {
  id: "venue",
  schema: {
    room: {
      fields: {
        name: { type: "string", required: true, fieldName: "room_name" },
        nick: { type: "string", required: false, unique: true, fieldName: "nick_name" },
        guests: { type: "number", required: false },
        opensAt: { type: "date", required: false },
        tags: { type: "string[]", required: false },
      },
    },
    seat: {
      fields: {
        row: { type: "string", required: true },
        number: { type: "number", required: true },
        roomId: reference("cascade"),
        shownIn: reference("set null"),
        keptFor: reference("restrict"),
        formerly: reference("set default"),
        notedIn: reference("no action"),
      },
      indexes: [{ fields: ["row", "number"], unique: true }],
    },
  },
} as const;

function reference<OnDelete extends string>(onDelete: OnDelete) {
  const references = { model: "room", field: "id", onDelete } as const;
  return { type: "string", required: false, references } as const;
}

export const options = {
  user: { fields: { email: "mail_address" } },
  advanced: { database: { joins: true } },
  plugins: [venue],
} satisfies BetterAuthOptions;

export type Room = {
  id: string;
  name: string;
  nick: string | null;
  guests: number | null;
  opensAt: Date | null;
  tags: string[] | null;
};
export type Seat = { id: string } & Record<
  "row" | "roomId" | "shownIn" | "formerly",
  string | null
>;

/** The adapter under test, made anew for each test. */
export type Given = () => DBAdapter;

export const createRoom = (db: DBAdapter, data: Partial<Room> = {}): Promise<Room> =>
  db.create({ model: "room", data: { name: "hall", ...data } });

export const createSeat = (db: DBAdapter, data: Record<string, unknown>): Promise<Seat> =>
  db.create({ model: "seat", data: { row: "A", number: 1, ...data } });

export const roomsOf = (db: DBAdapter, where: Where[] = []): Promise<Room[]> =>
  db.findMany({ model: "room", where });

export const byName = (name: string): Where[] => [{ field: "name", value: name }];
