import { Select } from "@mantine/core";
import { useTargets } from "../../api/targets";
import type { PageFields } from "../../components/form/fieldProps";

type Props = { value: string; change: (target: string) => void; page: PageFields };

/** The workbench to which something is exported: one of the compute targets. */
export function WorkbenchField({ value, change, page }: Props) {
  const { data: targets } = useTargets();
  const workbenches = targets?.filter((target) => target.settings.kind === "cloudera") ?? [];
  return (
    <Select
      label="Workbench"
      data-field="target"
      placeholder={workbenches.length === 0 ? "Add one on the page Compute" : "Choose a workbench"}
      data={workbenches.map((target) => ({ value: target.id, label: target.name }))}
      value={value || null}
      error={page.problem("target")}
      onChange={(chosen) => change(chosen ?? "")}
      allowDeselect={false}
    />
  );
}
