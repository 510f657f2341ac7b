import { Tabs, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import css from "./DatasetTabs.module.css";

export type DatasetTab = "rows" | "columns" | "problems";

type Props = {
  tab: DatasetTab;
  onTab: (tab: DatasetTab) => void;
  /** Shown beside the labels of the tabs. */
  marks?: Partial<Record<DatasetTab, ReactNode>>;
  panels: Record<DatasetTab, ReactNode>;
};

const names: Record<DatasetTab, string> = { rows: "Rows", columns: "Columns", problems: "Problems" };
const order: DatasetTab[] = ["rows", "columns", "problems"];

/** The tabs of a dataset. A tab that was opened stays mounted and keeps its state. */
export function DatasetTabs({ tab, onTab, marks, panels }: Props) {
  const [visited, setVisited] = useState<DatasetTab[]>([tab]);
  if (!visited.includes(tab)) setVisited([...visited, tab]);
  return (
    <Tabs
      value={tab}
      onChange={(next) => next && onTab(next as DatasetTab)}
      classNames={{ root: css.tabs, panel: css.panel }}
    >
      <Tabs.List>
        {order.map((name) => (
          <Tabs.Tab key={name} value={name} rightSection={marks?.[name]}>
            {names[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {order.map((name) => (
        <Tabs.Panel key={name} value={name}>
          {visited.includes(name) && panels[name]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

export function Mark({ children }: { children: ReactNode }) {
  return (
    <Text span size="xs" c="dimmed" className="tabular">
      {children}
    </Text>
  );
}
