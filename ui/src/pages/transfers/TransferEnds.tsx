import { notifications } from "@mantine/notifications";
import { useEffect, useRef } from "react";
import { useTransfers } from "../../api/transfers";
import type { Transfer, TransferState } from "../../bindings";

/** Shows a notice on any page when a transfer ends that no run waits for. */
export function TransferEnds() {
  const { data } = useTransfers();
  const before = useRef<Map<string, TransferState>>(undefined);
  useEffect(() => {
    if (!data) return;
    const was = before.current;
    before.current = new Map(data.map(({ id, state }) => [id, state]));
    for (const transfer of data) {
      const isNew = was !== undefined && was.get(transfer.id) !== transfer.state;
      if (isNew && transfer.run === null) notify(transfer);
    }
  }, [data]);
  return null;
}

function notify({ id, name, state, message, hint }: Transfer): void {
  if (state === "done") {
    notifications.show({
      id: `transfer ${id}`,
      color: "teal",
      title: `${name} is on this machine`,
      message: null,
      role: "status",
    });
  }
  if (state === "failed") {
    notifications.show({
      id: `transfer ${id}`,
      color: "red",
      title: `${name} could not be fetched`,
      message: [message, hint].filter(Boolean).join(" "),
      autoClose: false,
      role: "alert",
    });
  }
}
