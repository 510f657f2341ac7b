import type { Spec } from "../../bindings";
import type { Fact } from "../../components/Facts";
import { choiceFacts } from "../../resources/jobs/choices/choiceFacts";

/** How a training was started, as facts. Its file may be of a version without the choices. */
export function specChoices(specification: Spec | null): Fact[] {
  if (specification?.kind !== "training") return [];
  const { method, row_format, ratings, chat, tuning, adapter_init, early_stopping_patience } = specification;
  return choiceFacts({
    method,
    row_format,
    rating_column: ratings?.column,
    rating_threshold: ratings?.threshold,
    chat_template: chat?.template.name,
    system_prompt: chat?.system_prompt,
    train_on: chat?.train_on,
    adapter_init: adapter_init?.name,
    tuning,
    early_stopping_patience,
  });
}
