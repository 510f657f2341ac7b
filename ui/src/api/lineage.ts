import { useQuery } from "@tanstack/react-query";
import { commands, type TableName } from "../bindings";
import { keys } from "./store";

/** Steps from a row. A dataset reaches the evaluation of an adapter that was trained on it in four. */
const DEPTH = 4;

/** The rows that a row refers to and the rows that refer to it, over several steps. */
export function useLineage(table: TableName, id: string) {
  return useQuery({
    queryKey: [...keys.store, "lineage", table, id],
    queryFn: () => commands.lineage(table, id, DEPTH),
  });
}
