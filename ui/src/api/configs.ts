// Checks, presets and comparisons of configs.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ConfigType, commands, SETTINGS, TABLES } from "../bindings";
import { keys, storeChanged } from "./store";

const types = TABLES.find(({ name }) => name === "configs")?.columns.find(({ name }) => name === "type");

export function isConfigType(type: string): type is ConfigType {
  return types?.kind.is === "choice" && types.kind.options.some(({ value }) => value === type);
}

/** The known settings of a config type. */
export function settingsOf(type: string) {
  return SETTINGS.find((settings) => settings.type === type);
}

/** Problems and notes of a config's text, before it is saved. */
export function useConfigCheck(type: string, text: string, id: string | null) {
  return useQuery({
    queryKey: [...keys.store, "configCheck", type, text, id],
    queryFn: () => commands.checkConfig(type as ConfigType, text, id),
    enabled: isConfigType(type) && text.trim() !== "",
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

export function usePresets() {
  return useQuery({ queryKey: [...keys.store, "configPresets"], queryFn: commands.configPresets });
}

export function useSetPreset(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (preset: boolean) => commands.setPreset(id, preset),
    onSuccess: () => storeChanged(client),
  });
}

export function useComparison(a: string, b: string | null) {
  return useQuery({
    queryKey: [...keys.store, "compareConfigs", a, b],
    queryFn: () => commands.compareConfigs(a, b as string),
    enabled: b !== null,
  });
}

export function useAxolotlFormats(dataset: string) {
  return useQuery({
    queryKey: [...keys.store, "axolotlFormats", dataset],
    queryFn: () => commands.axolotlFormats(dataset),
    enabled: dataset !== "",
  });
}
