import { Highlight, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { type Entry, matching } from "./entries";
import { useActionEntries } from "./useActionEntries";
import { usePageEntries } from "./usePageEntries";
import { useRowEntries, useRunEntries } from "./useRowEntries";

const [store, palette] = createSpotlight();
export const openPalette = palette.open;

const PURPOSE = "Go to a page, a row or an action";
/** Runs shown at most. */
const RUNS = 6;
/** Milliseconds of no typing before the database is searched. */
const PAUSE = 120;

/** Finds pages, actions, runs and rows by name. */
export function Palette() {
  const [search, setSearch] = useState("");
  return (
    <Spotlight.Root
      store={store}
      query={search}
      onQueryChange={setSearch}
      shortcut={null}
      scrollable
      maxHeight={440}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      attributes={{ content: { "aria-label": PURPOSE } }}
    >
      <Spotlight.Search
        placeholder={PURPOSE}
        aria-label={PURPOSE}
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        <Entries search={search.trim()} />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Mounted only while the palette is open, so that each opening starts without old results. */
function Entries({ search }: { search: string }) {
  const [settled] = useDebouncedValue(search, PAUSE);
  const pages = usePageEntries();
  const actions = useActionEntries();
  const runs = useRunEntries();
  const rows = useRowEntries(settled);
  const groups = [
    { title: "Pages", entries: matching(pages, search) },
    { title: "Actions", entries: matching(actions, search) },
    { title: "Runs", entries: search ? matching(runs, search).slice(0, RUNS) : [] },
    // Last, because they arrive last: entries above them keep their places.
    { title: "Rows", entries: search ? rows : [] },
  ].filter(({ entries }) => entries.length > 0);

  if (groups.length === 0) return <Spotlight.Empty>Nothing is called “{search}”.</Spotlight.Empty>;
  return groups.map(({ title, entries }) => (
    <Spotlight.ActionsGroup key={title} label={title}>
      {entries.map((entry) => (
        <Spotlight.Action key={entry.id} onClick={entry.run}>
          <EntryLine entry={entry} search={search} />
        </Spotlight.Action>
      ))}
    </Spotlight.ActionsGroup>
  ));
}

function EntryLine({ entry, search }: { entry: Entry; search: string }) {
  const Icon = entry.icon;
  return (
    <div style={{ display: "flex", gap: 12, alignItems: "center", width: "100%", minWidth: 0 }}>
      <Icon size={17} stroke={1.6} aria-hidden style={{ flex: "none" }} />
      <Highlight
        highlight={search}
        highlightStyles={{ background: "none", color: "inherit", fontWeight: 700 }}
        size="sm"
        truncate
        style={{ flex: 1 }}
      >
        {entry.label}
      </Highlight>
      <Text size="xs" className="palette-about">
        {entry.about ?? entry.keys}
      </Text>
    </div>
  );
}
