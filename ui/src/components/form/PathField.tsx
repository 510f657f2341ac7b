import { Button, Group, TextInput } from "@mantine/core";
import { inSentence } from "../../format/texts";
import { pickFile, pickFolder } from "../../platform";
import type { CommonProps } from "./Field";

type Props = { pick: "file" | "folder"; common: CommonProps };

/** A path that is typed or picked in the system's dialog. */
export function PathField({ pick, common }: Props) {
  const browse = async () => {
    const path = await (pick === "file" ? pickFile() : pickFolder());
    if (path) common.onChange(path);
  };
  return (
    <TextInput
      {...common}
      autoComplete="off"
      spellCheck={false}
      inputContainer={(input) => (
        <Group gap={8} wrap="nowrap" align="stretch">
          <div style={{ flex: 1 }}>{input}</div>
          <Button
            variant="default"
            h={32}
            onClick={browse}
            aria-label={`Browse for ${inSentence(common.label)}`}
          >
            Browse…
          </Button>
        </Group>
      )}
    />
  );
}
