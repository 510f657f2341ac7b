import { Highlight, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import {
  IconArrowBackUp,
  IconDatabase,
  IconDatabaseImport,
  IconFilePlus,
  IconFolderOpen,
  IconHome,
  IconKeyboard,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  type IconProps,
  IconSearch,
  IconSettings,
  IconSparkles,
  IconTrash,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type ComponentType, useState } from "react";
import { showError } from "../../api/errors";
import { useQueue, useRuns, useSetQueue } from "../../api/runs";
import { useSearchEverywhere } from "../../api/store";
import { idOf, TABLES, tableOf } from "../../api/tables";
import { useUndo } from "../../components/deletion/useUndo";
import { useExampleActions } from "../../components/example/useExampleActions";
import { stateLabels } from "../../components/runs/runLabels";
import { useDialogs } from "../../components/useDialogs";
import { useSwitchWorkspace } from "../../components/useSwitchWorkspace";
import { useDatabaseWork } from "../../pages/database/DatabaseWork";
import { icons } from "../../resources/icons";
import { extrasOf } from "../../resources/registry";

const [store, palette] = createSpotlight();
export const openPalette = palette.open;

type Entry = {
  id: string;
  label: string;
  about?: string;
  icon: ComponentType<IconProps>;
  keys?: string;
  run: () => void;
};

/** Pages, actions, and the rows of every table that match. */
export function Palette() {
  const [words, setWords] = useState("");
  return (
    <Spotlight.Root
      store={store}
      query={words}
      onQueryChange={setWords}
      shortcut={null}
      scrollable
      maxHeight={440}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      attributes={{ content: { "aria-label": "Go to a page, a row or an action" } }}
    >
      <Spotlight.Search
        placeholder="Go to a page, a row or an action"
        aria-label="Go to a page, a row or an action"
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        <Entries words={words.trim()} />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Lives only while the palette is open, so that it never starts with what was found the last time. */
function Entries({ words }: { words: string }) {
  const [search] = useDebouncedValue(words, 120);
  const pages = usePages();
  const actions = useActions();
  const runs = useRunEntries();
  const rows = useMatchingRows(search);
  const matching = (entries: Entry[]) =>
    entries.filter(({ label }) => label.toLowerCase().includes(words.toLowerCase()));
  const groups = [
    { title: "Pages", entries: matching(pages) },
    { title: "Actions", entries: matching(actions) },
    { title: "Runs", entries: words ? matching(runs).slice(0, 6) : [] },
    // Last, because they arrive last: what is chosen meanwhile stays in its place.
    { title: "Rows", entries: words ? rows : [] },
  ].filter(({ entries }) => entries.length > 0);

  if (groups.length === 0) return <Spotlight.Empty>Nothing is called “{words}”.</Spotlight.Empty>;
  return groups.map(({ title, entries }) => (
    <Spotlight.ActionsGroup key={title} label={title}>
      {entries.map((entry) => (
        <Spotlight.Action key={entry.id} onClick={entry.run}>
          <EntryLine entry={entry} words={words} />
        </Spotlight.Action>
      ))}
    </Spotlight.ActionsGroup>
  ));
}

function EntryLine({ entry, words }: { entry: Entry; words: string }) {
  const Icon = entry.icon;
  return (
    <div style={{ display: "flex", gap: 12, alignItems: "center", width: "100%", minWidth: 0 }}>
      <Icon size={17} stroke={1.6} aria-hidden style={{ flex: "none" }} />
      <Highlight
        highlight={words}
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

function usePages(): Entry[] {
  const navigate = useNavigate();
  return [
    { id: "home", label: "Home", icon: IconHome, run: () => void navigate({ to: "/" }) },
    ...TABLES.map((table) => ({
      id: table.name,
      label: table.title,
      icon: icons[table.name],
      run: () => void navigate({ to: "/$table", params: { table: table.name } }),
    })),
    { id: "database", label: "Database", icon: IconDatabase, run: () => void navigate({ to: "/database" }) },
    { id: "deleted", label: "Deleted", icon: IconTrash, run: () => void navigate({ to: "/deleted" }) },
    { id: "settings", label: "Settings", icon: IconSettings, run: () => void navigate({ to: "/settings" }) },
  ];
}

function useActions(): Entry[] {
  const go = useNavigate();
  const dialogs = useDialogs();
  const { openAnother, openNew } = useSwitchWorkspace();
  const { importFromPicker } = useDatabaseWork();
  const { undoLast } = useUndo();
  const example = useExampleActions();
  return [
    ...TABLES.flatMap(({ name, singular }): Entry[] => {
      const { primaryAction, formLabel, moreActions = [] } = extrasOf(name);
      const more = moreActions.map((action) => ({
        ...action,
        run: () => action.run(go),
        id: `${action.label} ${name}`,
        label: action.plain ? action.label : `${action.label} (${singular})`,
      }));
      const form = {
        id: `new ${name}`,
        label: formLabel ? `${formLabel} (${singular})` : `New ${singular}`,
        icon: IconPlus,
        run: () => dialogs.create(name),
      };
      const primary = primaryAction && {
        ...primaryAction,
        run: () => primaryAction.run(go),
        id: `primary ${name}`,
      };
      return [...(primary ? [primary] : []), form, ...more];
    }),
    ...useQueueActions(),
    {
      id: "import",
      label: "Import a snapshot or database…",
      icon: IconDatabaseImport,
      run: () => void importFromPicker(),
    },
    { id: "open", label: "Open another workspace…", icon: IconFolderOpen, run: () => void openAnother() },
    { id: "new", label: "New workspace…", icon: IconFilePlus, run: () => void openNew() },
    {
      id: "load example",
      label: "Load the example workspace",
      icon: IconSparkles,
      run: () => void example.load(),
    },
    {
      id: "remove example",
      label: "Remove the example workspace",
      icon: IconSparkles,
      run: () => void example.remove(),
    },
    {
      id: "undo",
      label: "Undo the last delete",
      icon: IconArrowBackUp,
      keys: "Ctrl Z",
      run: () => void undoLast(),
    },
    {
      id: "shortcuts",
      label: "Keyboard shortcuts",
      icon: IconKeyboard,
      keys: "?",
      run: dialogs.showShortcuts,
    },
  ];
}

/** Holding back what waits, or letting it go on. */
function useQueueActions(): Entry[] {
  const rule = useQueue().data;
  const set = useSetQueue();
  if (!rule) return [];
  return [
    {
      id: "queue",
      label: rule.paused ? "Resume queue" : "Pause queue",
      icon: rule.paused ? IconPlayerPlay : IconPlayerPause,
      run: () => set.mutate({ ...rule, paused: !rule.paused }, { onError: showError }),
    },
  ];
}

function useRunEntries(): Entry[] {
  const navigate = useNavigate();
  const { data = [] } = useRuns();
  return data.map(({ run }) => ({
    id: `run ${run.id}`,
    label: run.name,
    about: `${run.kind}, ${stateLabels[run.state].toLowerCase()}`,
    icon: run.kind === "training" ? icons.fine_tuning_jobs : icons.evaluation_jobs,
    run: () => void navigate({ to: "/runs/$id", params: { id: run.id } }),
  }));
}

function useMatchingRows(search: string): Entry[] {
  const navigate = useNavigate();
  const { data = [] } = useSearchEverywhere(search, 4);
  return data.flatMap(({ table, rows }) =>
    rows.map((row) => ({
      id: `${table} ${idOf(row)}`,
      label: row.label,
      about: tableOf(table).singular,
      icon: icons[table],
      run: () => void navigate({ to: "/$table", params: { table }, search: { id: idOf(row) } }),
    })),
  );
}
