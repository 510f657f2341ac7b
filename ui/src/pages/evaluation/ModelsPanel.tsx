import { ActionIcon, Button, Checkbox, Text, Tooltip } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { ReferenceField } from "../../components/form/ReferenceField";
import { Panel } from "../../components/Panel";
import css from "./Evaluation.module.css";
import type { Choice } from "./initialEvaluation";
import { plannedFor, plannedText } from "./planned";
import { combinations, type Evaluation } from "./useEvaluation";

/** The choice of models and adapters. */
export function ModelsPanel({ evaluation }: { evaluation: Evaluation }) {
  const { choices, withBase, setWithBase, add, problem, starting } = evaluation;
  const wrong = choices.some(({ base_model_id }) => base_model_id !== "");
  const shownProblem = starting.problem("base_model_id", wrong) ?? problem("adapter_id");
  const warning = starting.warning("base_model_id") ?? starting.warning("adapter_id");
  return (
    <Panel
      title="Models and adapters"
      dense
      action={
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={15} stroke={1.6} />}
          onClick={add}
        >
          Add another
        </Button>
      }
    >
      <ul className={css.choices}>
        {choices.map((choice, at) => (
          <ChoiceLine
            key={choice.key}
            choice={choice}
            number={at + 1}
            alone={choices.length === 1}
            evaluation={evaluation}
          />
        ))}
      </ul>
      {shownProblem && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert" mt={6}>
          {shownProblem}
        </Text>
      )}
      {!shownProblem && warning && (
        <Text size="xs" c="var(--warning)" mt={6}>
          {warning}
        </Text>
      )}
      <Checkbox
        mt={12}
        size="xs"
        label="Also the base model alone, for comparison"
        checked={withBase}
        onChange={({ currentTarget }) => setWithBase(currentTarget.checked)}
      />
      <Planned texts={withBase ? basesPlanned(evaluation) : []} />
    </Panel>
  );
}

/** How the base models are asked that are evaluated for comparison. */
function basesPlanned({ plan, choices, withBase }: Evaluation): string[] {
  const bases = combinations(choices, withBase).filter(({ adapter_id }) => !adapter_id);
  const alone = bases.filter(({ base_model_id }) =>
    choices.every((choice) => choice.base_model_id !== base_model_id || choice.adapter_id !== ""),
  );
  return [...new Set(alone.map(({ base_model_id }) => plannedText(plannedFor(plan, base_model_id, ""))))];
}

function Planned({ texts }: { texts: string[] }) {
  return texts
    .filter((text) => text !== "")
    .map((text) => (
      <Text key={text} size="xs" c="dimmed" mt={4}>
        {text}
      </Text>
    ));
}

type LineProps = { choice: Choice; number: number; alone: boolean; evaluation: Evaluation };

function ChoiceLine({ choice, number, alone, evaluation }: LineProps) {
  const { key, base_model_id, adapter_id } = choice;
  const field = (name: string, value: string, onChange: (value: string) => void) => ({
    label: "",
    description: null,
    required: false,
    value,
    onChange,
    "aria-label": number === 1 ? name : `${name} ${number}`,
    "data-field": number === 1 && name === "Base model" ? "base_model_id" : undefined,
  });
  const ofModel = base_model_id ? [{ column: "model_id", value: base_model_id }] : [];
  return (
    <li>
      <ReferenceField
        table="models"
        link={undefined}
        common={{
          ...field("Base model", base_model_id, (model) => evaluation.setModel(key, model)),
          required: true,
        }}
      />
      <ReferenceField
        table="adapters"
        link={undefined}
        filters={ofModel}
        common={{
          ...field("Adapter", adapter_id, (adapter) => evaluation.setAdapter(key, adapter)),
          placeholder: "No adapter",
        }}
      />
      <Tooltip label="Remove">
        <ActionIcon
          className={css.remove}
          variant="subtle"
          color="gray"
          disabled={alone}
          aria-label={`Remove model ${number}`}
          onClick={() => evaluation.remove(key)}
        >
          <IconX size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <div className={css.planned}>
        <Planned texts={[plannedText(plannedFor(evaluation.plan, base_model_id, adapter_id))]} />
      </div>
    </li>
  );
}
