// Configurations and splits of datasets of the Hugging Face Hub, and which of them a dataset is read from.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type DatasetPart } from "../bindings";
import { keys, storeChanged } from "./store";

/** All splits of the default configuration. */
export const WHOLE: DatasetPart = { config: null, split: null };

export const isSamePart = (a: DatasetPart, b: DatasetPart): boolean =>
  (a.config ?? null) === (b.config ?? null) && (a.split ?? null) === (b.split ?? null);

/** "de, test"; empty for the whole. */
export const partText = ({ config, split }: DatasetPart): string =>
  [config, split].filter(Boolean).join(", ");

/** What can be chosen, the default configuration first. The Hub is asked once `asks` is true. */
export function useDatasetConfigs(name: string, asks: boolean) {
  return useQuery({
    queryKey: ["hub", "configs", name],
    queryFn: () => commands.hubDatasetConfigs(name),
    enabled: asks,
    staleTime: 60_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

const partKey = (id: string) => [...keys.store, "file", id, "part"] as const;

/** The part that a dataset is read from. */
export function useDatasetPart(id: string | null) {
  return useQuery({
    queryKey: partKey(id ?? ""),
    queryFn: () => commands.datasetPart(id ?? ""),
    enabled: id !== null,
  });
}

const choosing = ["chooseDatasetPart"];

/** Chooses the part. It shows at once, and choices are stored one after another: the last one stays. */
export function useChooseDatasetPart() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: choosing,
    scope: { id: "dataset part" },
    mutationFn: ({ id, part }: { id: string; part: DatasetPart }) => commands.chooseDatasetPart(id, part),
    // What is offered next follows from the choice; a refusal brings the stored one back.
    onMutate: async ({ id, part }) => {
      await client.cancelQueries({ queryKey: partKey(id) });
      client.setQueryData(partKey(id), part);
    },
    // What is stored is older than what is shown while another choice waits.
    onSettled: () => client.isMutating({ mutationKey: choosing }) === 1 && storeChanged(client),
  });
}
