import type { TrialTarget } from "../../../bindings";

/** Which chat template a model answers by. */
export function templateText(outline: TrialTarget | undefined): string | null {
  const name = outline?.template_name;
  switch (outline?.template) {
    case "training":
      return name ? `Template of its training: ${name}` : "Template of its training";
    case "adapter":
      return "Template of the adapter";
    case "model":
      return "Template of the model";
    case "other_adapter":
      return "Template of an adapter beside it";
    default:
      return null;
  }
}
