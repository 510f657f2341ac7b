import { Text } from "@mantine/core";
import type { Transfer } from "../../bindings";
import { ProgressBar } from "../ProgressBar";
import css from "./Transfers.module.css";
import { progressText } from "./transferText";

/** How far a transfer is: a bar, bytes, rate and time left. */
export function TransferBar({ transfer }: { transfer: Transfer }) {
  const { state, bytes, total } = transfer;
  const text = progressText(transfer);
  const hasBar = state === "running" || ((state === "queued" || state === "paused") && total !== null);
  return (
    <div className={css.bar}>
      {hasBar && (
        <ProgressBar
          label={`Progress of ${transfer.name}`}
          done={bytes}
          total={total}
          indeterminateColor="gray"
        />
      )}
      <Text
        size="sm"
        c={state === "running" ? undefined : "dimmed"}
        className={`tabular ${css.text}`}
        title={text}
      >
        {text}
      </Text>
    </div>
  );
}
