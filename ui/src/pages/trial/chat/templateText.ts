import type { TrialTarget } from "../../../bindings";

/** Which chat template a model answers by: in short, and as a sentence. */
export function templateText(outline: TrialTarget | undefined): { short: string; about: string } | null {
  const name = outline?.template_name ? ` (${outline.template_name})` : "";
  switch (outline?.template) {
    case "training":
      return {
        short: "Training template",
        about: `Conversations are written by the chat template that it was trained with${name}.`,
      };
    case "adapter":
      return {
        short: "Adapter template",
        about: "Conversations are written by the chat template in the adapter's folder.",
      };
    case "model":
      return { short: "Model template", about: "Conversations are written by the model's chat template." };
    case "other_adapter":
      return {
        short: "Adapter template",
        about: "The model has no chat template, so conversations are written by that of an adapter.",
      };
    default:
      return null;
  }
}
