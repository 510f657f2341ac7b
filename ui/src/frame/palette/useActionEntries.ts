import {
  IconArrowBackUp,
  IconDatabaseImport,
  IconFilePlus,
  IconFolderOpen,
  IconKeyboard,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconSparkles,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { showError } from "../../api/errors";
import { useQueue, useSetQueue } from "../../api/runs";
import { TABLES } from "../../api/tables";
import { useUndo } from "../../components/deletion/useUndo";
import { useExampleActions } from "../../components/example/useExampleActions";
import { useDialogs } from "../../components/useDialogs";
import { useSwitchWorkspace } from "../../components/useSwitchWorkspace";
import { useDatabaseWork } from "../../pages/database/useDatabaseWork";
import { extrasOf } from "../../resources/registry";
import type { Entry } from "./entries";

export function useActionEntries(): Entry[] {
  return [
    ...useNewRowEntries(),
    ...useQueueEntries(),
    ...useWorkspaceEntries(),
    ...useExampleEntries(),
    ...useHelpEntries(),
  ];
}

function useNewRowEntries(): Entry[] {
  const go = useNavigate();
  const dialogs = useDialogs();
  return TABLES.flatMap(({ name, singular }): Entry[] => {
    const { primaryAction, formLabel, moreActions = [] } = extrasOf(name);
    const form = {
      id: `new ${name}`,
      label: formLabel ? `${formLabel} (${singular})` : `New ${singular}`,
      icon: IconPlus,
      run: () => dialogs.create(name),
    };
    const more = moreActions.map((action) => ({
      ...action,
      id: `${action.label} ${name}`,
      label: action.plain ? action.label : `${action.label} (${singular})`,
      run: () => action.run(go),
    }));
    if (!primaryAction) return [form, ...more];
    return [{ ...primaryAction, id: `primary ${name}`, run: () => primaryAction.run(go) }, form, ...more];
  });
}

function useQueueEntries(): Entry[] {
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

function useWorkspaceEntries(): Entry[] {
  const { openAnother, openNew } = useSwitchWorkspace();
  const { importFromPicker } = useDatabaseWork();
  return [
    {
      id: "import",
      label: "Import a snapshot or database…",
      icon: IconDatabaseImport,
      run: () => void importFromPicker(),
    },
    { id: "open", label: "Open another workspace…", icon: IconFolderOpen, run: () => void openAnother() },
    { id: "new", label: "New workspace…", icon: IconFilePlus, run: () => void openNew() },
  ];
}

function useExampleEntries(): Entry[] {
  const { load, remove } = useExampleActions();
  return [
    {
      id: "load example",
      label: "Load the example workspace",
      icon: IconSparkles,
      run: () => void load(),
    },
    {
      id: "remove example",
      label: "Remove the example workspace",
      icon: IconSparkles,
      run: () => void remove(),
    },
  ];
}

function useHelpEntries(): Entry[] {
  const { undoLast } = useUndo();
  const { showShortcuts } = useDialogs();
  return [
    {
      id: "undo",
      label: "Undo the last delete",
      icon: IconArrowBackUp,
      keys: "Ctrl Z",
      run: () => void undoLast(),
    },
    { id: "shortcuts", label: "Keyboard shortcuts", icon: IconKeyboard, keys: "?", run: showShortcuts },
  ];
}
