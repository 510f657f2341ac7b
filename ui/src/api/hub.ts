// The Hugging Face hub: what it says of a name, and how it is reached.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type HubKind, type Settings, type TableName } from "../bindings";
import { keys, storeChanged } from "./store";

const settingsKey = ["hub", "settings"] as const;

/** Asks the hub about a name; nothing is asked while it is empty. */
export function useHubInfo(kind: HubKind, name: string) {
  return useQuery({
    queryKey: ["hub", "info", kind, name],
    queryFn: () => commands.hubInfo(kind, name),
    enabled: name !== "",
    staleTime: 60_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

/** Whether the hub has confirmed a row's name; null for a row that is not by hub name. */
export function useHubRecord(table: TableName, id: string) {
  return useQuery({
    queryKey: [...keys.store, "hubRecord", table, id],
    queryFn: () => commands.hubRecord(table, id),
  });
}

export function useVerify(table: TableName, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => commands.verifyOnHub(table, id),
    onSuccess: () => storeChanged(client),
  });
}

export function useHubSettings() {
  return useQuery({ queryKey: settingsKey, queryFn: commands.hubSettings, staleTime: 0 });
}

function useHubChange<T>(change: (value: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    // What was asked under other settings may be answered otherwise now.
    onSuccess: () => client.invalidateQueries({ queryKey: ["hub"] }),
  });
}

export function useSetHubSettings() {
  return useHubChange((settings: Settings) => commands.setHubSettings(settings));
}

/** A token to keep, or null to forget the one that is kept. */
export function useSetToken() {
  return useHubChange((token: string | null) => commands.setHubToken(token));
}
