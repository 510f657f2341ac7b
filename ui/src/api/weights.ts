// What models and adapters are, read from folders that other programs may change at any time.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { commands } from "../bindings";
import { keys } from "./store";

/** `source` is a row's id or a folder; nothing is asked while it is empty. */
export function useModelFacts(source: string) {
  return useQuery({
    queryKey: [...keys.store, "modelFacts", source],
    queryFn: () => commands.modelFacts(source),
    enabled: source !== "",
    staleTime: 0,
  });
}

/** The same for an adapter, held against its own base model or the one named. */
export function useAdapterFacts(source: string, model: string | null = null) {
  return useQuery({
    queryKey: [...keys.store, "adapterFacts", source, model],
    queryFn: () => commands.adapterFacts(source, model),
    enabled: source !== "",
    staleTime: 0,
    // Another base model asks the same folder anew: what is known of it stays in sight.
    placeholderData: (before, query) =>
      query?.queryKey[2] === source ? keepPreviousData(before) : undefined,
  });
}

export function useHubCache(enabled = true) {
  return useQuery({
    queryKey: [...keys.store, "hubCache"],
    queryFn: commands.hubCache,
    staleTime: 0,
    enabled,
  });
}
