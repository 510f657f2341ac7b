import { Collapse, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { PlannedModules, TrainingPlan } from "../../bindings";
import { Facts } from "../../components/Facts";
import { formatBytes, formatNumber, formatPercent } from "../../format/numbers";
import { plural } from "../../format/texts";
import { FetchedFirst, hasFetches } from "../starting/FetchedFirst";
import css from "../starting/Start.module.css";

/** Rows, steps, what is trained and fetched, and the estimates of memory and disk space. */
export function TrainingFacts({ plan }: { plan: TrainingPlan | undefined }) {
  const unknown = (
    <Text span inherit c="dimmed">
      not known yet
    </Text>
  );
  const { rows, steps, modules, fetches, estimate, memory_bytes, free_bytes } = plan ?? {};
  const together = plan && plan.processes > 1;
  const whole = plan?.choices.tuning === "full";
  const of = (size: number | null | undefined, what: string) =>
    size ? ` of ${formatBytes(size)}${what}` : "";
  return (
    <div>
      <Facts
        facts={[
          { name: "Rows to train on", value: rows ? formatNumber(rows.train) : unknown },
          { name: "Rows held back", value: rows ? formatNumber(rows.eval) : unknown },
          {
            name: "Steps",
            value: steps != null ? formatNumber(steps) : rows ? "known once it runs" : unknown,
          },
          {
            name: "Processes",
            value:
              together &&
              `${formatNumber(plan.processes)}, with ${formatNumber(plan.rows_a_step)} rows a step`,
          },
          { name: "Trainable", value: whole ? "All parameters" : modules ? trained(modules) : unknown },
          { name: "Fetched first", value: hasFetches(fetches) && <FetchedFirst fetches={fetches} /> },
          {
            name: "Memory, estimated",
            value: estimate ? `${formatBytes(estimate.memory_bytes)}${of(memory_bytes, "")}` : unknown,
          },
          {
            name: "Disk, estimated",
            value: estimate ? `${formatBytes(estimate.disk_bytes)}${of(free_bytes, " free")}` : unknown,
          },
        ]}
      />
      {estimate && <RestsOn sentences={estimate.rests_on} />}
    </div>
  );
}

/** "2,048 parameters (0.12%) in 28 layers". */
function trained({ trainable, parameters, layers }: PlannedModules): string {
  const layersText = plural(layers, "layer");
  if (trainable === null) return layers > 0 ? layersText : "known once it runs";
  const share = parameters ? ` (${formatPercent(trainable / parameters, 2)})` : "";
  return `${formatNumber(trainable)} parameters${share} in ${layersText}`;
}

function RestsOn({ sentences }: { sentences: string[] }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <UnstyledButton
        fz="xs"
        c="dimmed"
        mt={8}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Chevron size={13} stroke={1.8} aria-hidden style={{ verticalAlign: -2 }} /> Basis of the estimate
      </UnstyledButton>
      <Collapse id={id} expanded={open}>
        <ul className={css.rests}>
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Collapse>
    </>
  );
}
