import { ActionIcon, Text, TextInput, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import type { KeyboardEvent, ReactNode } from "react";
import { formatNumber } from "../../../format/numbers";
import type { LogSearch } from "./useLogSearch";

/** The search of a log, with its matches. Enter goes to the next one, Shift Enter to the previous one. */
export function LogSearchField({ search }: { search: LogSearch }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") (event.shiftKey ? search.previous : search.next)();
    else if (event.key === "Escape" && search.text) search.search("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <TextInput
        size="xs"
        w={220}
        type="search"
        aria-label="Search the log"
        placeholder="Search the log"
        leftSection={<IconSearch size={14} stroke={1.6} />}
        value={search.text}
        onChange={({ currentTarget }) => search.search(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {search.text && (
        <>
          <Text size="xs" className="tabular" role="status">
            {search.count === 0
              ? "No match"
              : `${formatNumber(search.position + 1)} of ${formatNumber(search.count)}`}
          </Text>
          <Step label="Previous match" keys="Shift Enter" onClick={search.previous}>
            <IconChevronUp size={15} />
          </Step>
          <Step label="Next match" keys="Enter" onClick={search.next}>
            <IconChevronDown size={15} />
          </Step>
        </>
      )}
    </>
  );
}

type StepProps = { label: string; keys: string; onClick: () => void; children: ReactNode };

function Step({ label, keys, onClick, children }: StepProps) {
  return (
    <Tooltip label={`${label} (${keys})`}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
