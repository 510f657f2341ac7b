import { useNavigate } from "@tanstack/react-router";
import { useRuns } from "../../api/runs";
import { useSearchEverywhere } from "../../api/store";
import { idOf, tableOf } from "../../api/tables";
import { icons } from "../../bindings/icons";
import { runIcons } from "../../components/runs/runIcons";
import { stateLabels } from "../../components/runs/runLabels";
import type { Entry } from "./entries";

/** Rows shown of each table. */
const ROWS = 4;

/** The rows of every table that match a search. */
export function useRowEntries(search: string): Entry[] {
  const navigate = useNavigate();
  const { data = [] } = useSearchEverywhere(search, ROWS);
  return data.flatMap(({ table, rows }) =>
    rows.map((row) => ({
      id: `${table} ${idOf(row)}`,
      label: row.label,
      about: tableOf(table).singular,
      icon: icons[table],
      run: () => void navigate({ to: "/$table", params: { table }, search: { id: idOf(row) } }),
    })),
  );
}

export function useRunEntries(): Entry[] {
  const navigate = useNavigate();
  const { data = [] } = useRuns();
  return data.map(({ run }) => ({
    id: `run ${run.id}`,
    label: run.name,
    about: `${run.kind}, ${stateLabels[run.state].toLowerCase()}`,
    icon: runIcons[run.kind],
    run: () => void navigate({ to: "/runs/$id", params: { id: run.id } }),
  }));
}
