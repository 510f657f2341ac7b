import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useState } from "react";
import { tokenLengths } from "../../../api/lengths";
import { useTask } from "../../../api/useTask";
import type { LengthsRequest, TokenLengths } from "../../../bindings";
import { settingsIn } from "../../../resources/configs/form/jsonText";
import { askedChoices } from "../choices/shownChoices";
import { leftOut } from "../fields";
import type { Training } from "../useTraining";

/** Milliseconds without a change before the figures follow a limit that is typed. */
const PAUSE = 150;

/** Counts the tokens of a training's rows. The figures before stay until the next are there. */
export function useLengths(training: Training) {
  const { state, run, cancel } = useTask<TokenLengths>();
  const [found, setFound] = useState<TokenLengths | null>(null);
  const [settled] = useDebouncedValue(JSON.stringify(requestOf(training)), PAUSE);
  const count = useCallback(() => {
    void run(tokenLengths(JSON.parse(settled))).then((counted) => counted && setFound(counted));
  }, [run, settled]);
  useEffect(count, [count]);
  return { state, found, cancel, count };
}

function requestOf({ fields, values, shown, texts }: Training): LengthsRequest {
  const column = "training_arguments_config";
  const settings = settingsIn(texts[column]);
  const number = (name: string) => {
    const given = settings?.get(name);
    const value = given ? given.value : Number(leftOut(column, name) || Number.NaN);
    return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;
  };
  return {
    dataset_id: fields.dataset_id ?? "",
    base_model_id: fields.base_model_id ?? null,
    prompt_id: fields.prompt_id ?? null,
    choices: askedChoices(values, shown),
    completion_only_loss: settings?.get("completion_only_loss")?.value === false ? false : null,
    limit: number("max_length"),
    batch: number("per_device_train_batch_size"),
  };
}
