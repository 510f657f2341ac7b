import { Anchor, Select, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { settingsOf, useConfigCheck } from "../../../api/configs";
import { idOf } from "../../../api/tables";
import type { ConfigCheck, Named } from "../../../bindings";
import { CodeField } from "../../../components/editor/CodeField";
import type { Place } from "../../../components/editor/problems";
import { Field } from "../../../components/form/Field";
import { FormFrame } from "../../../components/form/FormFrame";
import { type FormProps, useRowForm } from "../../../components/form/useRowForm";
import { AxolotlDataset } from "../axolotl/AxolotlDataset";
import css from "./ConfigForm.module.css";
import { placeAt, settingsIn } from "./jsonText";
import { Remarks } from "./Remarks";
import { SettingsForm } from "./SettingsForm";
import { usePresetChoice } from "./usePresetChoice";

/** The form of a config: fields for known settings, beside the text. */
export default function ConfigForm(props: FormProps) {
  const { editing } = props;
  const state = useRowForm(props);
  const { form } = state;
  const { type = "", config: text = "" } = form.values;
  const onText = (text: string) => form.setFieldValue("config", text);
  const start = usePresetChoice(form, editing !== null);
  const [settled] = useDebouncedValue(text, 200);
  const check = useConfigCheck(type, settled, editing && idOf(editing));
  const found = settled === text ? check.data : undefined;
  const settings = settingsOf(type);
  const axolotl = type === "axolotl";
  const field = (name: string) => state.shown.find((column) => column.name === name);
  const typeField = field("type");
  return (
    <FormFrame
      {...props}
      state={state}
      size="min(1240px, 96vw)"
      note={<Twin twin={found?.twin} onOpen={props.onClose} />}
    >
      <div className={css.top}>
        {typeField && (
          <Field
            column={typeField}
            needed
            links={[]}
            language="json"
            autoFocus={!editing}
            input={form.getInputProps("type")}
          />
        )}
        <Select
          label="Start from"
          description={start.about ?? "A preset that you can change."}
          placeholder="Your own text"
          data={start.choices}
          value={start.chosen}
          onChange={start.choose}
          disabled={start.choices.length === 0}
        />
        <TextInput
          {...form.getInputProps("description")}
          label="Description"
          description="What the config is for."
          data-field="description"
          data-autofocus={editing ? true : undefined}
        />
      </div>
      <div className={css.split} data-alone={(!settings && !axolotl) || undefined}>
        {settings && (
          <div className={css.left}>
            <SettingsForm settings={settings} text={text} marks={check.data?.marks ?? []} onText={onText} />
          </div>
        )}
        {axolotl && (
          <div className={css.left}>
            <AxolotlDataset text={text} onText={onText} />
            <Remarks marks={check.data?.marks ?? []} />
          </div>
        )}
        <div className={css.right}>
          <CodeField
            label="Settings"
            field="config"
            required
            language={axolotl ? "yaml" : "json"}
            value={text}
            onChange={onText}
            problems={places(found, text)}
            error={said(found) ?? form.errors.config}
            minRows={18}
            maxRows={30}
          />
          <TextInput
            {...form.getInputProps("model_family")}
            label="Model family"
            description="The model architecture that the config is meant for, if any."
            data-field="model_family"
            mt={12}
          />
        </div>
      </div>
    </FormFrame>
  );
}

/** The syntax error of the text with its place. */
function said(found: ConfigCheck | undefined): string | null {
  if (!found?.problem) return null;
  const { message, line, column } = found.problem;
  return line === null ? message : `Line ${line}, column ${column}: ${message}`;
}

/** The places of settings with problems or notes. */
function places(found: ConfigCheck | undefined, text: string): Place[] {
  const settings = found && settingsIn(text);
  if (!settings) return [];
  return found.marks.flatMap(({ setting, kind, message }) => {
    const said = settings.get(setting);
    if (!said || kind === "unchecked") return [];
    const severity = kind === "wrong" ? ("error" as const) : ("warning" as const);
    return [{ ...placeAt(text, said.at), length: said.length, message, severity }];
  });
}

/** A link to an identical config. */
function Twin({ twin, onOpen }: { twin: Named | null | undefined; onOpen: () => void }) {
  const navigate = useNavigate();
  if (!twin) return null;
  const open = () => {
    onOpen();
    void navigate({ to: "/$table", params: { table: "configs" }, search: { id: twin.id } });
  };
  return (
    <Text size="sm" role="status" className={css.twin}>
      <span>Same as “{twin.label}”.</span>
      <Anchor component="button" type="button" inherit onClick={open}>
        Open it
      </Anchor>
    </Text>
  );
}
