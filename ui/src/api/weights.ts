// The files of models and adapters. Other programs may change them at any time, so nothing stays fresh.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { commands } from "../bindings";
import { keys } from "./store";

/** `source` is a row's id or a folder; nothing is read while it is empty. */
export function useModelFacts(source: string) {
  return useQuery({
    queryKey: [...keys.store, "modelFacts", source],
    queryFn: () => commands.modelFacts(source),
    enabled: source !== "",
    staleTime: 0,
  });
}

/** The same for an adapter, compared with its own base model or with `model`. */
export function useAdapterFacts(source: string, model: string | null = null) {
  return useQuery({
    queryKey: [...keys.store, "adapterFacts", source, model],
    queryFn: () => commands.adapterFacts(source, model),
    enabled: source !== "",
    staleTime: 0,
    // The facts of the folder stay while it is compared with another base model.
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
