import { Alert, Badge, Group, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { PreviewedRow, PreviewedText } from "../bindings";
import { tokenCountText } from "../resources/prompts/preview/FilledText";
import { ExactText } from "./ExactText";
import css from "./Preview.module.css";
import { Turns } from "./Turns";

const partLabels: Record<string, string> = {
  text: "Text",
  prompt: "Prompt",
  completion: "Completion",
  chosen: "Chosen answer",
  rejected: "Rejected answer",
};

type Props = { row: PreviewedRow; special: string[]; limit: number | null };

/** A row as a training sees it: what is said beside the exact text. */
export function PreviewedRowView({ row, special, limit }: Props) {
  return (
    <>
      {row.problem && (
        <Alert
          color="yellow"
          variant="light"
          mb={12}
          icon={<IconAlertTriangle size={18} stroke={1.6} />}
          title="This row can't be trained on"
        >
          {row.problem}
        </Alert>
      )}
      {row.texts.map((text) => (
        <Part key={text.part} text={text} label={row.label} special={special} limit={limit} />
      ))}
    </>
  );
}

type PartProps = Omit<Props, "row"> & { text: PreviewedText; label: boolean | null };

function Part({ text, label, special, limit }: PartProps) {
  const name = partLabels[text.part] ?? text.part;
  const conversation = text.messages.length > 0;
  return (
    <section aria-label={name} style={{ marginBottom: 16 }}>
      <Group gap={8} mb={6}>
        <Title order={3}>{name}</Title>
        {label !== null && text.part === "completion" && (
          <Badge variant="light" color={label ? "teal" : "red"} tt="none">
            {label ? "a good answer" : "a bad answer"}
          </Badge>
        )}
        <Text size="xs" c="dimmed" className="tabular" ml="auto">
          {tokenCountText(text.tokens)}
        </Text>
      </Group>
      <div className={conversation ? css.pair : css.alone}>
        {conversation && <Turns label={`${name}, as a conversation`} text={text} />}
        <ExactText label={`${name}, exactly`} text={text} special={special} limit={limit} />
      </div>
    </section>
  );
}
