import { Button, Group } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTargets } from "../../api/targets";
import { Panel } from "../../components/Panel";
import { onFileDragExclusively } from "../../platform";
import { DropHint } from "../../resources/datasets/import/DropHint";
import { useDatabaseWork } from "./useDatabaseWork";

/** Starts an import from a picked or a dropped file. */
export function Import() {
  const { importFile, importFromPicker, importFromWorkbench } = useDatabaseWork();
  const { data: targets } = useTargets();
  const workbenches = targets?.filter((target) => target.settings.kind === "cloudera") ?? [];
  const [dragging, setDragging] = useState(false);
  const begin = useRef(importFile);
  begin.current = importFile;

  useEffect(
    () =>
      onFileDragExclusively((drag) => {
        setDragging("over" in drag && drag.over);
        const [path] = "dropped" in drag ? drag.dropped : [];
        // A drop behind an open import dialog would discard the decisions in it.
        if (path && !document.querySelector('[role="dialog"][aria-modal="true"]')) begin.current(path);
      }),
    [],
  );

  return (
    <Panel
      title="Import"
      about="Adds the rows of a JSON snapshot, another studio’s database, or an archive with its files. You see every change first, and a backup is made before the import."
    >
      <Group gap={8}>
        <Button onClick={importFromPicker}>Import a file</Button>
        {workbenches.map((workbench) => (
          <Button
            key={workbench.id}
            variant="default"
            disabled={!workbench.confirmed}
            onClick={() => importFromWorkbench(workbench)}
          >
            Import from {workbench.name}
          </Button>
        ))}
      </Group>
      {dragging && (
        <DropHint title="Drop to preview the import" about="JSON snapshot, SQLite database or archive" />
      )}
    </Panel>
  );
}
