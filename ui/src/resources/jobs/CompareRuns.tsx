import { Button, Tooltip } from "@mantine/core";
import { IconChartLine } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useRuns } from "../../api/runs";

/** Compares the runs of the jobs that are selected in the list. */
export function CompareRuns({ ids }: { ids: string[] }) {
  const go = useNavigate();
  const { data = [] } = useRuns();
  const runs = data.filter(({ jobs }) => jobs.some((job) => ids.includes(job))).map(({ run }) => run.id);
  const enough = runs.length > 1;
  return (
    <Tooltip label="Select two or more jobs that ran here to compare them" disabled={enough}>
      <Button
        variant="default"
        leftSection={<IconChartLine size={15} stroke={1.6} />}
        data-disabled={!enough || undefined}
        aria-disabled={!enough}
        onClick={() => enough && void go({ to: "/runs/compare", search: { ids: runs.join(",") } })}
      >
        Compare
      </Button>
    </Tooltip>
  );
}
