import { useLocalStorage } from "@mantine/hooks";
import { useState } from "react";
import { startExport } from "../../api/exports";
import { useExportPlan } from "../../api/plans";
import type { ExportRequest, RowKey, Way } from "../../bindings";
import type { PageFields } from "../../components/form/fieldProps";
import { waysFor } from "../../resources/exportAction";
import { useStarting } from "../starting/useStarting";
import { fileNameOf, join } from "./PlaceField";
import type { WayName } from "./way";
import { ways } from "./ways";

/** The row that is exported, with its label and the id of its base model. */
export type ExportSource = { row: RowKey; label: string; base: string };

const labels: Record<string, string> = {
  name: "Name",
  base: "Base model",
  to: "Folder to write",
  target: "Runs on",
};

/** The state of the page that starts an export. */
export function useExport(source: ExportSource) {
  const [folder] = useLocalStorage<string>({
    key: "export-folder",
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  const [way, setWay] = useState<WayName>(waysFor(source.row.table)[0] ?? "merge");
  const [target, setTarget] = useState<string | null>(null);
  const movable = way !== "publish";
  const [settings, setSettings] = useState<Record<WayName, Way["settings"]>>(
    () =>
      Object.fromEntries(
        Object.values(ways).map(({ way, initial, initialOf }) => [
          way,
          { ...initial, ...initialOf?.({ table: source.row.table, label: source.label }) },
        ]),
      ) as Record<WayName, Way["settings"]>,
  );
  // What is not typed follows the way and the name.
  const [typed, setTyped] = useState<Record<string, string>>({});
  const { name: named, ending = "" } = ways[way];
  const name = typed.name ?? named(source.label);
  const to = folder && join(folder, fileNameOf(name) + ending);
  const values: Record<string, string> = { name, base: source.base, to, ...typed };

  const request = {
    source: source.row,
    base: values.base || null,
    name: values.name || null,
    to: values.to || null,
    target: movable ? target : null,
    way,
    settings: settings[way],
  } as ExportRequest;
  const { plan, current, stale, failed } = useExportPlan(request);
  const label = (column: string) => ways[way].labels?.[column] ?? labels[column] ?? column;
  const starting = useStarting({
    own: [],
    plan,
    current,
    stale,
    failed,
    start: () => startExport(request),
    label,
  });
  const page: PageFields = {
    values,
    set: (column, text) => {
      starting.touch();
      setTyped((old) => ({ ...old, [column]: text }));
    },
    label,
    problem: (column) =>
      starting.problem(column, Boolean(values[column] ?? settings[way][column as keyof Way["settings"]])),
    warning: starting.warning,
  };
  return {
    way,
    setWay: (next: WayName) => {
      starting.touch();
      setWay(next);
    },
    settings: settings[way],
    change: (some: Partial<Way["settings"]>) => {
      starting.touch();
      setSettings((old) => ({ ...old, [way]: { ...old[way], ...some } }));
    },
    /** Where it works; none for a way that this machine alone can go. */
    where: movable && {
      target,
      choose: (next: string | null) => {
        starting.touch();
        setTarget(next);
      },
    },
    page,
    plan,
    starting,
  };
}

export type Export = ReturnType<typeof useExport>;
