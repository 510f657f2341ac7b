import { useTargets } from "../../../api/targets";
import { useTrialOutline } from "../../../api/trial";
import type { TrialWay } from "../../../bindings";
import { GREEDY, parsed } from "../../starting/generation";
import { toolsIn } from "../chat/tools";
import { useKept } from "../useKept";
import type { Trial } from "../useTrial";

/** What the address names. */
export type Asked = { model?: string; adapter?: string };

/** Answers in a conversation are longer than labels. */
const CHAT_GREEDY = GREEDY.replace(/\d+/, "512");

/** What is chosen on the page. What the person does not choose follows from what the adapters were trained with. */
export function useChoice(trial: Trial, asked: Asked, anew: boolean) {
  const [model, setModel] = useKept("model", asked.model ?? "", anew);
  const [adapters, setAdapters] = useKept<string[]>("adapters", asked.adapter ? [asked.adapter] : [], anew);
  const [ownWay, setWay] = useKept<TrialWay | null>("way", null, anew);
  const [ownSystem, setSystem] = useKept<string | null>("system", null, anew);
  const [ownGeneration, setGeneration] = useKept<string | null>("generation", null, anew);
  const [tools, setTools] = useKept("tools", "", anew);
  const [chosenTarget, setTarget] = useKept<string | null>("target", null, anew);
  const { data: targets } = useTargets();
  // It may have been removed.
  const target = targets?.some(({ id }) => id === chosenTarget) ? chosenTarget : null;
  const wanted = { model, adapters, target };
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
    setTarget,
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
