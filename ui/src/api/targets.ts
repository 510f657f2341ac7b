// Compute targets: other machines and clusters on which runs work.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  commands,
  type EnvironmentProgress,
  type Target,
  type TargetCheck,
  type TargetSettings,
} from "../bindings";
import { keys, storeChanged } from "./store";
import { useTask } from "./useTask";

const targetKeys = {
  all: [...keys.store, "targets"] as const,
  check: (id: string) => [...keys.store, "targetCheck", id] as const,
  commands: (id: string) => [...keys.store, "targetCommands", id] as const,
};

/** All targets, by name. */
export function useTargets() {
  return useQuery({ queryKey: targetKeys.all, queryFn: commands.targets });
}

/** What the last check of a target found; null if its settings were never checked. */
export function useLastCheck(id: string) {
  return useQuery({ queryKey: targetKeys.check(id), queryFn: () => commands.lastTargetCheck(id) });
}

/** The host and everything that a target's settings run there. */
export function useTargetCommands(id: string) {
  return useQuery({ queryKey: targetKeys.commands(id), queryFn: () => commands.targetCommands(id) });
}

/** A target as it is typed; without an id it is new. A key of a workbench replaces the one that is stored. */
export type TargetDraft = { id: string | null; name: string; settings: TargetSettings; key: string | null };

function useTargetChange<A, T>(change: (argument: A) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => storeChanged(client) });
}

export const useSaveTarget = () =>
  useTargetChange(async ({ id, name, settings, key }: TargetDraft) => {
    const saved = await (id === null
      ? commands.addTarget(name, settings)
      : commands.updateTarget(id, name, settings));
    if (key !== null) {
      try {
        await commands.setTargetKey(saved.id, key);
      } catch (thrown) {
        // A target that was not there before is not left without its key.
        if (id === null) await commands.removeTarget(saved.id);
        throw thrown;
      }
    }
    return saved;
  });
export const useRemoveTarget = () => useTargetChange((id: string) => commands.removeTarget(id));
/** Confirms a target with the settings that were shown. */
export const useConfirmTarget = () =>
  useTargetChange(({ id, settings }: Target) => commands.confirmTarget(id, settings));

/** Connects to a target and looks at what is there, which takes seconds. `acceptHostKey` is a fingerprint that a
 * person has compared. */
export function useCheckTarget(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (acceptHostKey: string | null) => commands.checkTarget(id, acceptHostKey),
    // The core keeps what was found.
    onSuccess: () => client.invalidateQueries({ queryKey: targetKeys.check(id) }),
  });
}

/** Makes the environment of a target, or waits for the end of its making, which goes on there when nobody waits. */
export function usePrepareTarget(id: string) {
  const client = useQueryClient();
  const { state, run } = useTask<TargetCheck, EnvironmentProgress>();
  // The core keeps what it found, also where the making failed.
  const looked = () => client.invalidateQueries({ queryKey: targetKeys.check(id) });
  const prepare = async () => {
    await run((task, onProgress) => commands.prepareTarget(id, task, onProgress));
    await looked();
  };
  const stop = useMutation({ mutationFn: () => commands.stopPreparingTarget(id), onSettled: looked });
  return { state, prepare, stop };
}
