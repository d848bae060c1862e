// A part of a longer view: its heading, lists with buttons for each row, and a choice of one item.
import type { ReactNode } from "react";
import { Pressable, Text, View } from "react-native";
import { Plain, styles, useColors } from "./shared.js";

export { useLoaded } from "./loaded.js";

/** A part with its heading. */
export function Section({ title, children }: { title: string; children?: ReactNode }) {
  const { color } = useColors();
  return (
    <View style={styles.section}>
      <Text role="heading" aria-level={2} style={[styles.subtitle, { color }]}>
        {title}
      </Text>
      {children}
    </View>
  );
}

/** A row of a list: its title, and buttons for it. */
export function Row({
  title,
  detail,
  children,
}: {
  title: string;
  detail?: string;
  children?: ReactNode;
}) {
  return (
    <View role="listitem" style={styles.row}>
      <Plain text={title} />
      {detail !== undefined && <Plain text={detail} />}
      {children}
    </View>
  );
}

/** A choice of one item of a short list. */
export function Choice({
  label,
  items,
  chosen,
  onChoose,
}: {
  label: string;
  items: readonly string[];
  chosen: string;
  onChoose: (item: string) => void;
}) {
  const { color, border } = useColors();
  return (
    <View role="radiogroup" aria-label={label} style={styles.field}>
      <Plain text={label} />
      {items.map((item) => (
        <Pressable
          key={item}
          role="radio"
          aria-checked={item === chosen}
          onPress={() => onChoose(item)}
          style={[styles.button, { borderColor: item === chosen ? color : border }]}
        >
          <Text style={{ color }}>{item === chosen ? `✓ ${item}` : item}</Text>
        </Pressable>
      ))}
    </View>
  );
}
