// Exports of models and adapters. Their runs are read as all others (`runs.ts`).
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type ExportRequest } from "../bindings";
import { keys, storeChanged } from "./store";

export const startExport = (request: ExportRequest) => commands.startExport(request);

/** What came of an export, also of one that is long over. */
export function useExportReport(run: string) {
  return useQuery({
    queryKey: [...keys.store, "exportReport", run],
    queryFn: () => commands.exportReport(run),
  });
}

/** Removes an export that is over. What it wrote stays. */
export function useRemoveExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (run: string) => commands.removeExport(run),
    onSettled: () => storeChanged(client),
  });
}
