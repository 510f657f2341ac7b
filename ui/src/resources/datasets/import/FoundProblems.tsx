import { Stack, Text, Title } from "@mantine/core";
import type { FileSource } from "../../../api/datasetFiles";
import type { Problem } from "../../../bindings";
import { Doctor, type useDoctor } from "../doctor/Doctor";
import { ProblemList } from "../doctor/ProblemList";
import type { Goal } from "../preview/RowsView";

type Props = {
  source: FileSource;
  /** Problems of the file itself. */
  problems: Problem[];
  total: number;
  /** Whether the whole file was read. */
  whole: boolean;
  doctor: ReturnType<typeof useDoctor>;
  onShow: (goal: Goal) => void;
  onImport: (path: string) => void;
};

/** The problems that prevent the import, and the problems of rows as training examples. */
export function FoundProblems({ source, problems, total, whole, doctor, onShow, onImport }: Props) {
  return (
    <Stack gap="lg">
      {problems.length > 0 && (
        <section>
          <Title order={3}>The file</Title>
          <ProblemList label="Problems" problems={problems} total={total} none="" onShow={onShow} />
        </section>
      )}
      {whole ? (
        <section>
          {problems.length > 0 && <Title order={3}>The rows as training examples</Title>}
          <Doctor source={source} doctor={doctor} known={problems} onShow={onShow} onImport={onImport} />
        </section>
      ) : (
        problems.length === 0 && (
          <Text c="dimmed" size="sm">
            No problems found so far.
          </Text>
        )
      )}
    </Stack>
  );
}
