import { Button } from "@mantine/core";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { tableOf } from "../../api/tables";
import type { TableName, Workspace } from "../../bindings";
import { Panel } from "../../components/Panel";
import { useDialogs } from "../../components/useDialogs";
import { extrasOf } from "../../resources/registry";
import css from "./Home.module.css";

const needed: { table: TableName; what: string }[] = [
  { table: "datasets", what: "A dataset to learn from" },
  { table: "models", what: "A model to train" },
  { table: "prompts", what: "A prompt that turns rows into text" },
  { table: "configs", what: "A config with the settings" },
  { table: "fine_tuning_jobs", what: "Fine-tune a model" },
  { table: "evaluation_jobs", what: "Evaluate it" },
];

/** The steps to a first run. Hidden after a training and an evaluation. */
export function FirstRun({ counts }: Pick<Workspace, "counts">) {
  const { create } = useDialogs();
  const go = useNavigate();
  const has = (table: TableName) => counts.some((count) => count.table === table && count.rows > 0);
  if (has("fine_tuning_jobs") && has("evaluation_jobs")) return null;
  const missing = needed.filter(({ table }) => !has(table)).length;

  return (
    <Panel title="For a first run" about={`${needed.length - missing} of ${needed.length} are done.`}>
      <ul className={css.list}>
        {needed.map(({ table, what }) => {
          const done = has(table);
          const { primaryAction } = extrasOf(table);
          return (
            <li key={table} className={css.step} data-done={done || undefined}>
              {done ? (
                <IconCircleCheckFilled
                  size={20}
                  color="var(--mantine-color-teal-6)"
                  role="img"
                  aria-label="Done"
                />
              ) : (
                <IconCircle
                  size={20}
                  stroke={1.6}
                  color="var(--mantine-color-dimmed)"
                  role="img"
                  aria-label="To do"
                />
              )}
              <span className={css.name}>{what}</span>
              {!done && (
                <Button
                  variant="default"
                  size="compact-sm"
                  aria-label={
                    primaryAction?.plain
                      ? undefined
                      : `${primaryAction?.label ?? "New"} ${tableOf(table).singular}`
                  }
                  onClick={() => (primaryAction ? primaryAction.run(go) : create(table))}
                >
                  {primaryAction?.label ?? "New"}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
