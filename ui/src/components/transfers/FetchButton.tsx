import { Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { WHOLE } from "../../api/datasetParts";
import { showError } from "../../api/errors";
import { isUnderWay, useAddTransfer, useTransferOf } from "../../api/transfers";
import type { CachedKind, DatasetPart } from "../../bindings";
import { TransferActions } from "./TransferActions";
import { TransferBar } from "./TransferBar";
import css from "./Transfers.module.css";

type Props = {
  kind: CachedKind;
  name: string;
  label?: string;
  /** The part of a dataset; the default configuration if absent. */
  part?: DatasetPart;
  /** Called when the transfer was queued. */
  onFetch?: () => void;
};

/** Fetches a repository of the Hub to this machine, and shows how far that is. */
export function FetchButton({ kind, name, label = "Fetch to this machine", part = WHOLE, onFetch }: Props) {
  const transfer = useTransferOf(kind, name, part);
  const add = useAddTransfer();
  const isShown = transfer && (isUnderWay(transfer) || transfer.state === "paused");
  if (isShown) {
    return (
      <div className={css.fetching}>
        <TransferBar transfer={transfer} />
        <TransferActions transfer={transfer} />
      </div>
    );
  }
  const problem = transfer?.state === "failed" ? transfer : null;
  return (
    <div>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconDownload size={14} stroke={1.8} />}
        loading={add.isPending}
        onClick={() =>
          add.mutate({ kind, name, revision: null, part }, { onSuccess: onFetch, onError: showError })
        }
      >
        {problem ? "Fetch again" : label}
      </Button>
      {problem && (
        <Text size="sm" c="var(--mantine-color-red-light-color)" role="alert" mt={4}>
          {problem.message} {problem.hint}
        </Text>
      )}
    </div>
  );
}
