import { useState } from "react";
import { useTrialOutline } from "../../../api/trial";
import type { TrialWay } from "../../../bindings";
import { GREEDY, parsed } from "../../starting/generation";
import { toolsIn } from "../chat/tools";
import type { Trial } from "../useTrial";

/** Answers in a conversation are longer than labels. */
const CHAT_GREEDY = GREEDY.replace(/\d+/, "512");

/** What is chosen on the page. What the person does not choose follows from what the adapters were trained with. */
export function useChoice(trial: Trial, asked: { model?: string; adapter?: string }) {
  const [model, setModel] = useState(asked.model ?? "");
  const [adapters, setAdapters] = useState<string[]>(asked.adapter ? [asked.adapter] : []);
  const [ownWay, setWay] = useState<TrialWay | null>(null);
  const [ownSystem, setSystem] = useState<string | null>(null);
  const [ownGeneration, setGeneration] = useState<string | null>(null);
  const [tools, setTools] = useState("");
  const wanted = { model, adapters };
  const outline = useTrialOutline(model, adapters, trial.isReady(wanted));
  const way = ownWay ?? outline.data?.way ?? "chat";
  const generation = ownGeneration ?? (way === "chat" ? CHAT_GREEDY : GREEDY);
  return {
    wanted,
    targets: ["base", ...adapters],
    outline: outline.data,
    refusal: outline.error,
    way,
    system: ownSystem ?? outline.data?.system_prompt ?? "",
    generation,
    settings: parsed(generation),
    toolsText: tools,
    tools: toolsIn(tools),
    setModel: (next: string) => {
      setModel(next);
      setAdapters([]);
    },
    setAdapters,
    setWay,
    setSystem,
    setGeneration,
    setTools,
  };
}

export type Choice = ReturnType<typeof useChoice>;

/** Why nothing can be asked. */
export function againstAsking({ wanted, settings, way, outline, tools }: Choice): string | null {
  if (!wanted.model) return "Choose a base model first.";
  if (!settings) return "The settings for answers are not valid JSON.";
  if (way === "prompt") return null;
  if (tools.problem) return tools.problem;
  const without = outline?.model_is_here && outline.targets.every(({ template }) => template === null);
  return without ? "There is no chat template. Choose Prompt, and write the exact text." : null;
}
