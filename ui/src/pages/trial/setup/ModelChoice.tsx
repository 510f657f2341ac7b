import { Button, Group, Loader, MultiSelect, Text } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useAnswering } from "../../../api/answering";
import { useRow } from "../../../api/store";
import { ReferenceField } from "../../../components/form/ReferenceField";
import { PlaceSelect } from "../../../components/targets/PlaceSelect";
import { FetchButton } from "../../../components/transfers/FetchButton";
import type { Chosen } from "../loading";
import css from "../Trial.module.css";
import type { Trial } from "../useTrial";

type Props = {
  wanted: Chosen;
  onModel: (id: string) => void;
  onAdapters: (ids: string[]) => void;
  onTarget: (target: string | null) => void;
  /** The adapter named in the address; its base model is chosen with it. */
  asked: string | undefined;
  /** The model's files are known not to be on this machine. */
  isAway: boolean;
  trial: Trial;
};

/** The choice of a model and adapters, and whether they are loaded. */
export function ModelChoice({ wanted, onModel, onAdapters, onTarget, asked, isAway, trial }: Props) {
  const { model, adapters, target } = wanted;
  const { state, load, unload, isReady } = trial;
  const answering = useAnswering(model);
  const found = useRow("adapters", asked ?? "", asked !== undefined && model === "").data;
  const home = found?.row.model_id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the adapter's model becomes known
  useEffect(() => {
    if (!asked || !home || model !== "") return;
    onModel(String(home));
    onAdapters([asked]);
  }, [home]);
  const hubName = useRow("models", model, isAway && model !== "").data?.row.huggingface_model_name;
  const ready = isReady(wanted);
  /** Whether the model is loaded as soon as it is fetched. */
  const [loads, setLoads] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the model's files are there
  useEffect(() => {
    if (isAway || !loads) return;
    setLoads(false);
    void load(wanted);
  }, [isAway]);
  const loading = state.phase === "loading";
  return (
    <section className={css.group} aria-label="Model and adapters">
      <ReferenceField
        table="models"
        link={undefined}
        without={answering.leftOutModels}
        common={{
          label: "Base model",
          description: answering.aboutModels,
          required: true,
          value: model,
          onChange: (next: string) => {
            setLoads(false);
            onModel(next);
          },
        }}
      />
      <MultiSelect
        label="Adapters"
        description={answering.aboutAdapters}
        placeholder={adapters.length === 0 ? "None: the base model alone" : undefined}
        data={answering.adapters}
        value={adapters}
        onChange={onAdapters}
        disabled={model === ""}
        clearable
        clearButtonProps={{ "aria-label": "Clear the adapters" }}
      />
      <PlaceSelect label="Answers on" value={target} onChange={onTarget} />
      {isAway && typeof hubName === "string" && (
        <div>
          <Text size="sm" c="dimmed" mb={4}>
            It is not on this machine yet.
          </Text>
          <FetchButton kind="model" name={hubName} label="Fetch and load" onFetch={() => setLoads(true)} />
        </div>
      )}
      <Group gap={8} wrap="nowrap" mih={30}>
        <Group gap={6} wrap="nowrap" flex={1} miw={0} role="status">
          {loading && <Loader size={14} />}
          {ready && <IconCircleCheckFilled size={16} color="var(--mantine-color-teal-6)" aria-hidden />}
          <Text size="sm" c={ready ? undefined : "dimmed"} truncate title={state.message ?? undefined}>
            {loading
              ? (state.message ?? "Loading")
              : ready
                ? "Loaded"
                : state.loaded
                  ? "Other models are loaded"
                  : "Not loaded"}
          </Text>
        </Group>
        {(state.loaded || loading) && (
          <Button variant="default" onClick={() => void unload()}>
            {loading ? "Cancel" : "Unload"}
          </Button>
        )}
        {!ready && !loading && !isAway && (
          <Button variant="default" disabled={model === ""} onClick={() => void load(wanted)}>
            Load
          </Button>
        )}
      </Group>
    </section>
  );
}
