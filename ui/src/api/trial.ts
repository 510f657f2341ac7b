// One model with adapters, loaded to be asked by hand. The core holds at most one at a time.
import { commands, type Row, type TrialAnswer } from "../bindings";
import { progressChannel } from "../platform";

/** Starts to load a model. `onAnswer` gets its state and then the answers. */
export function openTrial(
  model: string,
  adapters: string[],
  onAnswer: (answer: TrialAnswer) => void,
): Promise<unknown> {
  return commands.openTrial(model, adapters, progressChannel(onAnswer));
}

/** Asks one question. `targets` are "base" and the ids of adapters. */
export function askTrial(id: string, prompt: string, targets: string[], generation: Row): Promise<unknown> {
  return commands.askTrial(id, prompt, targets, generation);
}

/** Stops the answers to one question. */
export const cancelTrial = (id: string) => commands.cancelTrial(id);

/** Unloads the model. */
export const closeTrial = () => commands.closeTrial();
