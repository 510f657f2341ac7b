import {
  Button,
  Collapse,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useAnswering } from "../../api/answering";
import { useRow } from "../../api/store";
import { useModelFacts } from "../../api/weights";
import type { Quantization, ServingReport } from "../../bindings";
import { ReferenceField } from "../../components/form/ReferenceField";
import { PlaceSelect } from "../../components/targets/PlaceSelect";
import { FetchButton } from "../../components/transfers/FetchButton";
import css from "./Serve.module.css";
import { differs, type ServeChoice } from "./useServeChoice";

type Props = {
  choice: ServeChoice;
  serving: ServingReport | null;
  pending: boolean;
  stopping: boolean;
  onStart: () => void;
  onStop: () => void;
};

/** The Hub name of a model whose files are on the Hub alone; null for others. */
function useAwayModel(model: string): string | null {
  const isAway = useModelFacts({ id: model }).data?.place.state === "hub";
  const name = useRow("models", model, isAway).data?.row.huggingface_model_name;
  return isAway && typeof name === "string" ? name : null;
}

/** The choice of what is served, and where. */
export function ServeForm({ choice, serving, pending, stopping, onStart, onStop }: Props) {
  const { model, adapters, request } = choice;
  const [more, setMore] = useState(false);
  const answering = useAnswering(model);
  const away = useAwayModel(model);
  const other = serving !== null && differs(request, serving.request);
  return (
    <section className={css.form} aria-label="What to serve">
      <ReferenceField
        table="models"
        link={undefined}
        without={answering.leftOutModels}
        common={{
          label: "Base model",
          description: answering.aboutModels,
          required: true,
          value: model,
          onChange: choice.setModel,
        }}
      />
      <MultiSelect
        label="Adapters"
        description={answering.aboutAdapters ?? "Each is asked by its name, and so is the base model."}
        placeholder={adapters.length === 0 ? "None: the base model alone" : undefined}
        data={answering.adapters}
        value={adapters}
        onChange={choice.setAdapters}
        disabled={model === ""}
        clearable
        clearButtonProps={{ "aria-label": "Clear the adapters" }}
      />
      {away && (
        <div>
          <Text size="sm" c="dimmed" mb={4}>
            The model is not on this machine yet.
          </Text>
          <FetchButton kind="model" name={away} />
        </div>
      )}
      <PlaceSelect
        label="Answers on"
        description="The endpoint is on this machine wherever the model is."
        value={choice.target}
        onChange={choice.setTarget}
      />
      <NumberInput
        label="Port"
        description="0 takes a free one."
        min={0}
        max={65_535}
        allowDecimal={false}
        clampBehavior="none"
        value={choice.port}
        onChange={choice.setPort}
        error={choice.portProblem}
      />
      <Button variant="subtle" size="compact-sm" aria-expanded={more} onClick={() => setMore(!more)}>
        {more ? "Fewer options" : "More options"}
      </Button>
      <Collapse expanded={more}>
        <div className={css.more}>
          <Select
            label="Weights"
            data={[
              { value: "", label: "As they are saved" },
              { value: "8bit", label: "8 bits" },
              { value: "4bit", label: "4 bits" },
            ]}
            value={choice.quantization ?? ""}
            onChange={(value) => choice.setQuantization((value || null) as Quantization | null)}
            allowDeselect={false}
          />
          <TextInput
            label="Address"
            description="Only this machine can ask, unless another address is written here."
            placeholder="127.0.0.1"
            value={choice.listen}
            onChange={({ currentTarget }) => choice.setListen(currentTarget.value)}
          />
          <TagsInput
            label="Pages that may ask"
            description="Browsers refuse all others."
            placeholder={choice.origins.length === 0 ? "https://example.org" : undefined}
            value={choice.origins}
            onChange={choice.setOrigins}
          />
        </div>
      </Collapse>
      <Group gap={8}>
        {(serving === null || other || serving.state.is === "failed") && (
          <Button onClick={onStart} disabled={request === null || away !== null} loading={pending}>
            {serving === null ? "Serve" : "Serve again"}
          </Button>
        )}
        {serving !== null && (
          <Button variant="default" onClick={onStop} loading={stopping}>
            Stop
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {other
          ? "Serving again loads the model anew: requests under way end first."
          : "It goes on while other pages are shown, and ends with this window."}
      </Text>
    </section>
  );
}
