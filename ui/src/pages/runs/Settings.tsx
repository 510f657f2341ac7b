import { Text, Title } from "@mantine/core";
import { Fragment, useMemo } from "react";
import type { ExportSpec, Spec } from "../../bindings";
import { Facts } from "../../components/Facts";
import css from "./Runs.module.css";
import { groupOf, type Leaf, leavesOf, settingName, settingText } from "./specification";

/** The settings that a run was started with. */
export function Settings({ specification }: { specification: Spec | ExportSpec | null }) {
  const groups = useMemo(() => grouped(leavesOf(specification)), [specification]);
  if (groups.size === 0) {
    return (
      <Text size="sm" c="dimmed" p={16}>
        The specification of this run is no longer in its folder.
      </Text>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard
    <section className={css.settings} tabIndex={0} aria-label="Settings of this run">
      {[...groups].map(([group, leaves]) => (
        <Fragment key={group}>
          <Title order={3}>{group}</Title>
          <Facts
            facts={leaves.map(({ path, value }) => ({
              name: settingName(path),
              value: settingText(path, value),
            }))}
          />
        </Fragment>
      ))}
    </section>
  );
}

function grouped(leaves: Leaf[]): Map<string, Leaf[]> {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const group = groupOf(leaf.path);
    groups.set(group, [...(groups.get(group) ?? []), leaf]);
  }
  return groups;
}
