import { Button, Input, Modal, SegmentedControl } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useId, useState } from "react";
import { settingsIn, withSetting } from "../../resources/configs/form/jsonText";
import { NumberInput } from "../../resources/configs/form/SettingField";
import { GREEDY, SAMPLED, wayOf } from "./generation";
import { TextSettings } from "./TextSettings";

type Props = { text: string; onText: (text: string) => void; error?: string };

const words = { greedy: "Greedy", sampled: "Sampled", own: "Own" };

/** Greedy or sampled, how long answers may be, and everything else behind a button. */
export function GenerationFields({ text, onText, error }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const way = wayOf(text);
  const limit = settingsIn(text)?.get("max_new_tokens");
  const choose = (next: string) => {
    const base = next === "greedy" ? GREEDY : SAMPLED;
    // The length is another question than the way.
    onText(limit && limit.value !== null ? withSetting(base, "max_new_tokens", limit.text) : base);
  };
  return (
    <>
      <Input.Wrapper
        label="Answers"
        labelElement="div"
        labelProps={{ id }}
        error={error}
        description="Greedy takes the likeliest word each time, so a second run says the same."
      >
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby={id}
          data={(way === "own"
            ? (["greedy", "sampled", "own"] as const)
            : (["greedy", "sampled"] as const)
          ).map((value) => ({ value, label: words[value] }))}
          value={way}
          onChange={choose}
        />
      </Input.Wrapper>
      <NumberInput
        common={{
          label: "New tokens at most",
          description: null,
          error: undefined,
          disabled: text === "",
          "data-field": "generation_config",
        }}
        unsaid=""
        text={limit?.value == null ? "" : limit.text}
        onWrite={(written) => onText(withSetting(text, "max_new_tokens", written))}
      />
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconAdjustmentsHorizontal size={15} stroke={1.6} />}
        onClick={() => setOpen(true)}
      >
        All settings…
      </Button>
      {open && (
        <Modal
          opened
          onClose={() => setOpen(false)}
          title="How answers are generated"
          size="min(1240px, 96vw)"
          styles={{ body: { padding: 0 } }}
        >
          <TextSettings
            type="generation_config"
            text={text}
            onText={onText}
            start={GREEDY}
            error={error}
            about="How the next word is chosen, and when an answer ends."
          />
        </Modal>
      )}
    </>
  );
}
