import { Button, Group, SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { RefObject } from "react";
import type { HubKind } from "../../bindings";
import css from "./Hub.module.css";
import { useTyped } from "./useTyped";

type Props = {
  inputRef: RefObject<HTMLInputElement | null>;
  submitted: string | undefined;
  kind: HubKind;
  searching: boolean;
  onSubmit: (text: string) => void;
  onKind: (kind: HubKind) => void;
};

/** The text of a search, submitted with Enter: typing alone makes no request. */
export function SearchField({ inputRef, submitted, kind, searching, onSubmit, onKind }: Props) {
  const [text, setText] = useTyped(submitted ?? "");
  return (
    <form
      className={css.search}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(text.trim());
      }}
    >
      <SegmentedControl
        aria-label="What to search for"
        value={kind}
        onChange={(value) => onKind(value as HubKind)}
        data={[
          { value: "model", label: "Models" },
          { value: "dataset", label: "Datasets" },
        ]}
      />
      <Group gap={8} wrap="nowrap" flex="1 1 240px">
        <TextInput
          ref={inputRef}
          flex={1}
          miw={0}
          aria-label={kind === "model" ? "Search models on the Hub" : "Search datasets on the Hub"}
          placeholder="A part of the name"
          leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
        <Button type="submit" flex="none" loading={searching}>
          Search
        </Button>
      </Group>
    </form>
  );
}
