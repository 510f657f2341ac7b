import { Collapse, Select, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { columnOf, tableOf } from "../../api/tables";
import { fieldProps } from "../../components/form/fieldProps";
import { PathField } from "../../components/form/PathField";
import { Panel } from "../../components/Panel";
import css from "../starting/Start.module.css";
import { WhereField } from "../starting/WhereField";
import { GpuField, ProcessesField } from "./DeviceFields";
import { FolderField, RowField } from "./fields";
import type { Training } from "./useTraining";

const kind = columnOf(tableOf("fine_tuning_jobs"), "framework_type")?.kind;
const frameworks = kind?.is === "choice" ? kind.options : [];

/** The machine with its devices, the framework and the output folder. */
export function WherePanel({ training }: { training: Training }) {
  const { values } = training;
  const id = useId();
  const [open, setOpen] = useState(values.user_script !== "" || values.user_config_id !== "");
  const refused = training.starting.problems.some(({ column }) => column === "num_workers");
  const expanded = open || refused;
  const Chevron = expanded ? IconChevronDown : IconChevronRight;
  return (
    <Panel
      title="Where"
      dense
      action={
        <Text size="sm" c="dimmed" ta="right">
          {place(training)}
        </Text>
      }
    >
      <div className={css.two}>
        <WhereField where={training.where} starting={training.starting} />
        <Select
          {...fieldProps(training, "framework_type")}
          data={frameworks}
          allowDeselect={false}
          disabled={values.user_script !== ""}
        />
        <FolderField training={training} column="out_dir" placeholder="The run’s own folder" />
        <GpuField training={training} />
      </div>
      <UnstyledButton
        fz="sm"
        mt={10}
        aria-expanded={expanded}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Chevron size={14} stroke={1.8} aria-hidden style={{ verticalAlign: -2 }} /> Advanced
      </UnstyledButton>
      <Collapse id={id} expanded={expanded}>
        <div className={css.two} style={{ paddingTop: 8 }}>
          <PathField
            pick="file"
            common={{
              ...fieldProps(training, "user_script"),
              placeholder: "A Python file, in place of the framework",
            }}
          />
          <RowField
            training={training}
            column="user_config_id"
            table="configs"
            filters={[{ column: "type", value: "custom" }]}
          />
          <ProcessesField training={training} />
        </div>
      </Collapse>
    </Panel>
  );
}

/** "This machine · NVIDIA L4"; a target's name stands in the plan's own words. */
function place({ where, plan }: Training): string {
  if (where.target !== null) return plan?.device ?? where.name;
  return plan ? `This machine · ${plan.device}` : "This machine";
}
