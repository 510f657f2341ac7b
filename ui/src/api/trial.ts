// One model with adapters, loaded to be asked by hand. The core holds at most one at a time.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type Row, type TrialAnswer, type TrialConversation } from "../bindings";
import { progressChannel } from "../platform";
import { toAppError } from "./errors";
import { keys } from "./store";

/** What is known of a model and adapters before they are loaded. */
export function useTrialOutline(model: string, adapters: string[], loaded: boolean) {
  const { data, error } = useQuery({
    // A model of the Hub is on this machine once it is loaded.
    queryKey: [...keys.store, "trialOutline", model, adapters, loaded],
    queryFn: () => commands.outlineTrial(model, adapters),
    enabled: model !== "",
    placeholderData: (before, query) => (query?.queryKey[2] === model ? before : undefined),
  });
  return { data, error: error && toAppError(error) };
}

/** The models that rate answers and write none, and those adapters of a model. */
export function useRewardModels(model: string) {
  return useQuery({
    queryKey: [...keys.store, "rewardModels", model],
    queryFn: () => commands.rewardModels(model),
    placeholderData: (before) => before,
  }).data;
}

/** Starts to load a model on a target, or without one on this machine. `onAnswer` gets its state and then the answers. */
export function openTrial(
  model: string,
  adapters: string[],
  target: string | null,
  onAnswer: (answer: TrialAnswer) => void,
): Promise<unknown> {
  return commands.openTrial(model, adapters, target, progressChannel(onAnswer));
}

/** Asks one question. `targets` are "base" and the ids of adapters. */
export function askTrial(id: string, prompt: string, targets: string[], generation: Row): Promise<unknown> {
  return commands.askTrial(id, prompt, targets, generation);
}

/** Has "base" or an adapter answer a conversation. Returns the exact text that it reads. */
export function converse(
  id: string,
  target: string,
  conversation: TrialConversation,
  generation: Row,
): Promise<string> {
  return commands.converse(id, target, conversation, generation);
}

/** A row of a dataset as a conversation, counted from 1. */
export function useConversationRow(dataset: string, row: number) {
  const { data, error } = useQuery({
    queryKey: [...keys.store, "conversationRow", dataset, row],
    queryFn: () => commands.conversationOfRow(dataset, row),
    enabled: dataset !== "",
    placeholderData: (before, query) => (query?.queryKey[2] === dataset ? before : undefined),
  });
  return { data, error: error && toAppError(error) };
}

/** Writes a conversation as a row of JSON Lines. */
export const saveConversation = (path: string, conversation: TrialConversation) =>
  commands.saveConversation(path, conversation);

/** Stops the answers to one question. */
export const cancelTrial = (id: string) => commands.cancelTrial(id);

/** Unloads the model. */
export const closeTrial = () => commands.closeTrial();

/** Values of the page, kept while other pages are shown. They go with the window, and with the workspace. */
export function useKeptValues() {
  const client = useQueryClient();
  const key = (name: string) => [...keys.store, "trialKept", name];
  client.setQueryDefaults(key("").slice(0, -1), { gcTime: Number.POSITIVE_INFINITY });
  return {
    get: <T>(name: string) => client.getQueryData<T>(key(name)),
    set: (name: string, value: unknown) => void client.setQueryData(key(name), value),
  };
}
