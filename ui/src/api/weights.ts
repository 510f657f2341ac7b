// The files of models and adapters. Other programs may change them at any time, so nothing stays fresh.
import { hashKey, keepPreviousData, useQuery } from "@tanstack/react-query";
import { commands, type WeightsSource } from "../bindings";
import { keys } from "./store";

const isEmpty = (source: WeightsSource) => ("id" in source ? source.id : source.folder) === "";

/** Nothing is read while the source is empty. */
export function useModelFacts(source: WeightsSource) {
  return useQuery({
    queryKey: [...keys.store, "modelFacts", source],
    queryFn: () => commands.modelFacts(source),
    enabled: !isEmpty(source),
    staleTime: 0,
  });
}

/** The same for an adapter, compared with its own base model or with `model`. */
export function useAdapterFacts(source: WeightsSource, model: string | null = null) {
  return useQuery({
    queryKey: [...keys.store, "adapterFacts", source, model],
    queryFn: () => commands.adapterFacts(source, model),
    enabled: !isEmpty(source),
    staleTime: 0,
    // The facts of the folder stay while it is compared with another base model.
    placeholderData: (before, query) =>
      hashKey([query?.queryKey[2]]) === hashKey([source]) ? keepPreviousData(before) : undefined,
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
