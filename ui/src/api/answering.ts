// What can be asked for answers: every model and adapter but reward models.
import { useList } from "./store";
import { idOf } from "./tables";
import { useRewardModels } from "./trial";

const LEFT_OUT = "Reward models are left out: they rate answers and write none.";

const none: string[] = [];

/** The models that are not offered, the adapters of a model that are, and what there is to say of both. */
export function useAnswering(model: string) {
  const reward = useRewardModels(model);
  const found = useList(
    "adapters",
    { search: null, sort: null, filters: [{ column: "model_id", value: model }], offset: 0, limit: 200 },
    model !== "",
  ).data;
  const rows = model ? (found?.rows ?? []) : [];
  const adapters = rows
    .map((row) => ({ value: idOf(row), label: row.label }))
    .filter(({ value }) => !reward?.adapters.includes(value));
  const noAdapters = model && found?.total === 0 ? "This model has no adapters." : null;
  return {
    leftOutModels: reward?.models ?? none,
    aboutModels: reward?.models.length ? LEFT_OUT : null,
    adapters,
    aboutAdapters: adapters.length < rows.length ? LEFT_OUT : noAdapters,
  };
}
