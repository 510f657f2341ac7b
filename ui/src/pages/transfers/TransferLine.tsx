import { Anchor, Badge, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { partText } from "../../api/datasetParts";
import type { CachedKind, Transfer } from "../../bindings";
import { Time } from "../../components/Time";
import { TransferActions } from "../../components/transfers/TransferActions";
import { TransferBar } from "../../components/transfers/TransferBar";
import { stateLabels } from "../../components/transfers/transferText";
import css from "./Transfers.module.css";

const kinds: Record<CachedKind, string> = { model: "Model", adapter: "Adapter", dataset: "Dataset" };

/** One transfer, with what went wrong. */
export function TransferLine({ transfer }: { transfer: Transfer }) {
  const { kind, name, revision, state, ended_at, run } = transfer;
  return (
    <li className={css.item} aria-label={name}>
      <div className={css.line}>
        <div className={css.name}>
          <span title={name}>{name}</span>
          <Text size="xs" c="dimmed">
            {kinds[kind]}
            {transfer.part && partText(transfer.part) && `: ${partText(transfer.part)}`}
            {revision && ` at ${revision.slice(0, 12)}`}
            {run && (
              <>
                {" for "}
                <Anchor
                  inherit
                  renderRoot={(props) => <Link to="/runs/$id" params={{ id: run }} {...props} />}
                >
                  a run
                </Anchor>
              </>
            )}
          </Text>
        </div>
        <Badge className={css.badge} data-state={state} variant="light" radius="sm" tt="none" fw={500}>
          {stateLabels[state]}
        </Badge>
        <TransferBar transfer={transfer} />
        <Text size="sm" c="dimmed" className={css.time}>
          {ended_at && <Time value={ended_at} />}
        </Text>
        <TransferActions transfer={transfer} inList />
      </div>
      {state === "failed" && (
        <Text size="sm" className={css.problem} role="alert">
          {transfer.message} {transfer.hint}
        </Text>
      )}
    </li>
  );
}
