import { Button, Group, Text } from "@mantine/core";
import { Field } from "../../components/form/Field";
import { ColumnButtons } from "./ColumnButtons";
import css from "./PromptForm.module.css";
import { TemplateField } from "./TemplateField";
import type { PromptFormState } from "./usePromptForm";

/** What a person writes of a prompt: its name, its dataset and its templates. */
export function TemplateFields({ prompt }: { prompt: PromptFormState }) {
  const { field, template, rendered } = prompt;
  const dataset = field("dataset_id");
  return (
    <div className={css.write}>
      <div className={css.pair}>
        <Field {...field("name")} autoFocus />
        <Field {...dataset} input={{ ...dataset.input, onChange: prompt.chooseDataset }} />
      </div>
      <ColumnButtons columns={prompt.columns} onInsert={prompt.insert} />
      <TemplateField
        {...template("input_template")}
        problems={rendered?.input.problems}
        minRows={7}
        maxRows={16}
      />
      <TemplateField
        {...template("completion_template")}
        problems={rendered?.completion.problems}
        minRows={2}
        maxRows={8}
      />
      <TrainingText prompt={prompt} />
      <Field {...field("description")} />
    </div>
  );
}

/** The text that is trained on: input and completion joined, or a template of its own. */
function TrainingText({ prompt: { training, template, rendered } }: { prompt: PromptFormState }) {
  if (!training.own) {
    return (
      <Group justify="space-between" gap={8} className={css.follows}>
        <Text size="sm">
          <b>Training text</b> follows input and completion.
        </Text>
        <Button variant="subtle" size="compact-xs" onClick={training.writeOwn}>
          Write my own
        </Button>
      </Group>
    );
  }
  return (
    <div>
      <TemplateField
        {...template("prompt_template")}
        problems={rendered?.training.problems}
        minRows={5}
        maxRows={14}
      />
      <Button variant="subtle" size="compact-xs" mt={4} onClick={training.follow}>
        Follow input and completion again
      </Button>
    </div>
  );
}
