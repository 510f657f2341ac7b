import { List, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconQuestionMark, IconRuler } from "@tabler/icons-react";
import type { ExportCheck, ExportReport } from "../../bindings";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { formatBytes, formatSignificant } from "../../format/numbers";
import { plural } from "../../format/texts";
import css from "../runs/Runs.module.css";
import { settingName, settingText } from "../runs/specification";

/** What came of an export: its checks, notes and files. */
export function ExportResult({ report, live }: { report: ExportReport | null; live: boolean }) {
  if (!report) {
    return (
      <Panel title="Result">
        <Text size="sm" c="dimmed">
          {live ? "The report follows at the end." : "There is no report."}
        </Text>
      </Panel>
    );
  }
  const { checks = [], notes = [], files = [], bytes = 0, facts = {} } = report;
  return (
    <Panel title="Result">
      <List spacing={6} size="sm" mb={12} aria-label="Checks" listStyleType="none">
        {checks.map((check) => (
          <CheckItem key={check.name} check={check} />
        ))}
      </List>
      {notes.map((note) => (
        <Text key={note} size="sm" mb={8}>
          {note}
        </Text>
      ))}
      <Facts
        facts={[
          {
            name: "Files",
            value: files.length > 0 && `${plural(files.length, "file")}, ${formatBytes(bytes)}`,
          },
          ...Object.entries(facts).map(([name, value]) => ({
            name: settingName(name),
            value: typeof value === "number" ? formatSignificant(value) : settingText(name, value),
          })),
        ]}
      />
      {files.length > 0 && (
        <details className={css.files}>
          <summary>
            <Text span size="sm">
              Files with their SHA-256
            </Text>
          </summary>
          <Facts
            facts={files.map(({ path, bytes, sha256 }) => ({
              name: path,
              value: `${formatBytes(bytes)}${sha256 ? `, ${sha256}` : ""}`,
              wide: true,
            }))}
          />
        </details>
      )}
    </Panel>
  );
}

const marks = {
  good: { color: "teal", Icon: IconCheck, label: "Good" },
  bad: { color: "red", Icon: IconAlertTriangle, label: "Not good" },
  measured: { color: "gray", Icon: IconRuler, label: "Measured" },
  open: { color: "gray", Icon: IconQuestionMark, label: "Not checked" },
};

function CheckItem({ check: { passed, value, text, limit } }: { check: ExportCheck }) {
  const { color, Icon, label } =
    marks[passed == null ? (value == null ? "open" : "measured") : passed ? "good" : "bad"];
  return (
    <List.Item
      icon={
        <ThemeIcon color={color} variant="light" size={20} radius="xl" role="img" aria-label={label}>
          <Icon size={14} stroke={2} />
        </ThemeIcon>
      }
    >
      {text}
      {limit != null && (
        <Text span inherit c="dimmed">
          {" "}
          Good up to {formatSignificant(limit)}.
        </Text>
      )}
    </List.Item>
  );
}
