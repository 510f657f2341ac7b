import { Badge, Button, Group } from "@mantine/core";
import { isUnderWay, useTransferOf } from "../../api/transfers";
import type { Cached } from "../../bindings";
import { RowLink } from "../../components/RowLink";
import { Time } from "../../components/Time";
import { Warnings } from "../../components/weights/Warnings";
import { formatBytes } from "../../format/numbers";
import { capitalize } from "../../format/texts";
import { FetchControl } from "./FetchControl";
import css from "./Hub.module.css";

const tables = { model: "models", adapter: "adapters", dataset: "datasets" } as const;

type Props = {
  repository: Cached;
  /** The id of the row with its name. */
  row: string | null;
  onRemove: () => void;
};

/** A repository of the local cache. */
export function CachedRow({ repository, row, onRemove }: Props) {
  const { kind, name, bytes, state, problem, last_used, revision } = repository;
  const transfer = useTransferOf(kind, name);
  const isFetched = transfer !== undefined && isUnderWay(transfer);
  return (
    <li className={css.cached}>
      <div className={css.name}>
        <Group gap={8}>
          <span className="selectable">{name}</span>
          {state !== "complete" && (
            <Badge size="sm" variant="light" color="orange">
              {state === "broken" ? "Broken" : "Incomplete"}
            </Badge>
          )}
        </Group>
        <Group gap={12} c="dimmed" fz="xs" className="tabular">
          <span>{capitalize(kind)}</span>
          <span>{formatBytes(bytes)}</span>
          {revision && <span title={revision}>Revision {revision.slice(0, 8)}</span>}
          {last_used && (
            <Group gap={4}>
              Used <Time value={last_used} />
            </Group>
          )}
          {row && (
            <RowLink table={tables[kind]} id={row} inherit>
              In the studio
            </RowLink>
          )}
        </Group>
        <Warnings messages={problem && !isFetched ? [problem] : []} />
      </div>
      <Group gap={8} className={css.actions} data-wide={isFetched || undefined}>
        <FetchControl kind={kind} name={name} cached={state} />
        {!isFetched && (
          <Button variant="default" aria-label={`Remove ${name}`} onClick={onRemove}>
            Remove…
          </Button>
        )}
      </Group>
    </li>
  );
}
