import { Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { modals } from "@mantine/modals";
import { useEffect, useRef, useState } from "react";
import { usePresets } from "../../../api/configs";
import type { Preset } from "../../../bindings";
import type { FormValues } from "../../../components/form/values";

/** Fills a new config with the first preset of its type, and with others that are chosen. */
export function usePresetChoice(form: UseFormReturnType<FormValues>, editing: boolean) {
  const presets = usePresets().data;
  const { type = "", config: text = "" } = form.values;
  const [chosen, setChosen] = useState<string | null>(null);
  const given = useRef("");
  const ofType = (presets ?? []).filter((preset) => preset.type === type);
  const untouched = text === given.current || text.trim() === "";

  const take = (preset: Preset | undefined) => {
    given.current = preset?.config ?? "";
    setChosen(preset ? keyOf(preset) : null);
    const clean = !form.isDirty();
    form.setFieldValue("config", given.current);
    // An unchanged preset can be discarded without a question.
    if (clean) form.resetDirty({ ...form.getValues(), config: given.current });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another type sets the text again, unless text was typed
  useEffect(() => {
    if (editing || !presets || !type || !untouched) return;
    take(ofType[0]);
  }, [type, presets !== undefined]);

  const choose = (key: string | null) => {
    const preset = ofType.find((preset) => keyOf(preset) === key);
    if (!preset) return;
    if (untouched) return take(preset);
    modals.openConfirmModal({
      title: `Start from “${preset.name}”?`,
      children: <Text size="sm">The settings you have here are replaced by the preset's.</Text>,
      labels: { confirm: "Replace", cancel: "Keep mine" },
      zIndex: 400,
      onConfirm: () => take(preset),
    });
  };

  const yours = ofType.filter(({ id }) => id !== null).map(option);
  const shipped = ofType.filter(({ id }) => id === null).map(option);
  return {
    choices:
      yours.length > 0
        ? [
            { group: "Yours", items: yours },
            { group: "Built in", items: shipped },
          ]
        : shipped,
    chosen,
    about: ofType.find((preset) => keyOf(preset) === chosen)?.about || null,
    choose,
  };
}

const keyOf = ({ id, name }: Preset) => id ?? name;
const option = (preset: Preset) => ({ value: keyOf(preset), label: preset.name });
