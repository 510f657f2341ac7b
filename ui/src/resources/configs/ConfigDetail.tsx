import { Alert, Button, Group, Text, Title } from "@mantine/core";
import { IconArrowsDiff, IconBookmark, IconBookmarkOff } from "@tabler/icons-react";
import { useState } from "react";
import { settingsOf, useConfigCheck, usePresets, useSetPreset } from "../../api/configs";
import { showError } from "../../api/errors";
import { idOf } from "../../api/tables";
import type { ConfigCheck, Listed, SettingDifference } from "../../bindings";
import { Facts } from "../../components/Facts";
import { formatSettingText } from "../../format/settings";
import css from "./ConfigDetail.module.css";
import { CompareDialog } from "./compare/CompareDialog";

/** The settings of a config with their problems and notes. */
export function ConfigDetail({ listed }: { listed: Listed }) {
  const { type, config } = listed.row;
  const check = useConfigCheck(String(type ?? ""), String(config ?? ""), idOf(listed)).data;
  return (
    <section aria-label="Settings">
      <Group justify="space-between" mb={8} gap={8}>
        <Title order={3}>Settings</Title>
        <Actions listed={listed} />
      </Group>
      {check?.problem && (
        <Alert color="red" variant="light">
          {check.problem.line !== null && `Line ${check.problem.line}, column ${check.problem.column}: `}
          {check.problem.message}
        </Alert>
      )}
      {check && <Settings type={String(type)} check={check} />}
    </section>
  );
}

function Settings({ type, check }: { type: string; check: ConfigCheck }) {
  const known = settingsOf(type)?.groups.flatMap(({ settings }) => settings);
  const setting = (path: string) => known?.find(({ name }) => name === path);
  const label = (path: string) => setting(path)?.label;
  const written = check.settings.filter(({ b }) => b !== null);
  const notes = (path: string) =>
    check.marks
      .filter((mark) => mark.setting === top(path))
      .flatMap(({ kind, message }) => {
        if (kind === "unchecked") return ["Not checked"];
        return kind === "unknown" ? ["Not checked", message] : [message];
      });
  // A setting that is left out still has its default if the library uses the same one.
  const leftOut = check.settings
    .filter(({ path, a, b }) => b === null && setting(path)?.left_out !== a)
    .map(({ path }) => label(path) ?? path);
  return (
    <>
      <Facts
        aligned
        facts={written.map(({ path, change, a, b }) => ({
          name: path,
          title: path,
          label: label(path) ?? <code>{path}</code>,
          value: <SettingValue change={change} value={b} start={a} notes={notes(path)} />,
        }))}
      />
      {leftOut.length > 0 && (
        <Text size="xs" c="dimmed" mt={8}>
          Left out, unlike the defaults: {leftOut.join(", ")}.
        </Text>
      )}
    </>
  );
}

/** The top-level setting of a path such as `datasets[0].type`. */
const top = (path: string) => path.split(/[.[]/)[0];

type ValueProps = {
  change: SettingDifference["change"];
  value: string | null;
  /** The default of the setting. */
  start: string | null;
  notes: string[];
};

function SettingValue({ change, value, start, notes }: ValueProps) {
  return (
    <>
      {formatSettingText(value)}
      {change === "equal" && <span className={css.aside}>default</span>}
      {change === "changed" && <span className={css.aside}>default {formatSettingText(start)}</span>}
      {notes.map((note) => (
        <span key={note} className={css.note}>
          {note}
        </span>
      ))}
    </>
  );
}

function Actions({ listed }: { listed: Listed }) {
  const [comparing, setComparing] = useState(false);
  const id = idOf(listed);
  const presets = usePresets().data;
  const isPreset = presets?.some((preset) => preset.id === id) ?? false;
  const setPreset = useSetPreset(id);
  const Icon = isPreset ? IconBookmarkOff : IconBookmark;
  return (
    <Group gap={4}>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowsDiff size={14} />}
        onClick={() => setComparing(true)}
      >
        Compare with…
      </Button>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<Icon size={14} />}
        disabled={!presets}
        onClick={() => setPreset.mutate(!isPreset, { onError: showError })}
      >
        {isPreset ? "No longer a preset" : "Make it a preset"}
      </Button>
      {comparing && <CompareDialog a={{ id, label: listed.label }} onClose={() => setComparing(false)} />}
    </Group>
  );
}
