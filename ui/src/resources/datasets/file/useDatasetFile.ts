import { useQuery } from "@tanstack/react-query";
import { keys } from "../../../api/store";
import { commands, type FileState } from "../../../bindings";

/** How often a glance is taken at the file on screen, in milliseconds: other programs write it. */
const GLANCE = 5_000;

/** What has become of a dataset's file, looked at again and again while it is shown. */
export function useDatasetFile(id: string) {
  return useQuery({
    queryKey: [...keys.store, "file", id, "state"],
    queryFn: () => commands.datasetFile(id),
    staleTime: 0,
    refetchInterval: GLANCE,
    retry: false,
  });
}

/** Another text whenever the file is another, by its place, size and time. */
export function stampOf({ path, now }: FileState): string {
  return `${path} ${now?.bytes} ${now?.modified}`;
}
