// The Hugging Face Hub: what it knows of a name, and the settings of its connection.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type HubKind, type Settings, type TableName } from "../bindings";
import { keys, storeChanged } from "./store";

const settingsKey = ["hub", "settings"] as const;

/** The Hub's answer about a name. No request is made for an empty name. */
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

/** Whether the Hub has confirmed a row's name; null for a row that is not by Hub name. */
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
    // Answers depend on the settings.
    onSuccess: () => client.invalidateQueries({ queryKey: ["hub"] }),
  });
}

export function useSetHubSettings() {
  return useHubChange((settings: Settings) => commands.setHubSettings(settings));
}

/** Stores a token; null deletes the stored one. */
export function useSetToken() {
  return useHubChange((token: string | null) => commands.setHubToken(token));
}
