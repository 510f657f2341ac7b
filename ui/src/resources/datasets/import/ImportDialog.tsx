import { Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { idOf } from "../../../api/tables";
import type { Created } from "../../../bindings";
import { plural } from "../../../format/texts";
import { onFileDrag } from "../../../platform";
import css from "../TallDialog.module.css";
import { DropHint } from "./DropHint";
import { FileImport } from "./FileImport";
import { advance, clear, enqueue, replace, useQueue } from "./queue";

/** Mounted in the frame: imports picked and dropped files one after another. */
export function ImportDialog() {
  const { paths, at, turn } = useQueue();
  const [busy, setBusy] = useState(false);
  const [dragging, setDragging] = useState(false);
  const navigate = useNavigate();
  const path = paths[at];
  const several = paths.length > 1;

  useEffect(
    () =>
      onFileDrag((drag) => {
        setDragging("over" in drag && drag.over);
        if ("dropped" in drag) enqueue(drag.dropped);
      }),
    [],
  );

  function imported({ row: dataset, recognized }: Created, rows: number) {
    notifications.show(
      recognized
        ? { color: "yellow", title: `${dataset.label} was already here`, message: "It was not added twice." }
        : { color: "green", title: `Imported ${dataset.label}`, message: `${plural(rows, "row")}.` },
    );
    advance();
    void navigate({ to: "/$table", params: { table: "datasets" }, search: { id: idOf(dataset) } });
  }

  return (
    <>
      <Modal
        opened={path !== undefined}
        onClose={clear}
        title={several ? `Import datasets: file ${at + 1} of ${paths.length}` : "Import a dataset"}
        size={1120}
        centered
        closeOnClickOutside={false}
        closeOnEscape={!busy}
        withCloseButton={!busy}
        closeButtonProps={{ "aria-label": "Close" }}
        classNames={{ content: css.content, body: css.body }}
      >
        {path !== undefined && (
          <FileImport
            key={turn}
            path={path}
            leaveLabel={at + 1 < paths.length ? "Skip this file" : "Cancel"}
            onImported={imported}
            onLeave={advance}
            onReplace={replace}
            onBusy={setBusy}
          />
        )}
      </Modal>
      {dragging && <DropHint />}
    </>
  );
}
