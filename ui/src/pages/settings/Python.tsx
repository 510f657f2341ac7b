import { Alert, Group, Loader, Stack, Text } from "@mantine/core";
import { toAppError } from "../../api/errors";
import { useEnvironment } from "../../api/python";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import { PythonChoice } from "./PythonChoice";
import { PythonEnvironment } from "./PythonEnvironment";

/** The Python interpreter for runs, and the program's own environment. */
export function Python() {
  const { data: report, error, refetch } = useEnvironment();
  return (
    <Panel
      title="Python"
      about="Training and evaluation run in Python, with PyTorch and the libraries of Hugging Face."
    >
      {error && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
      {!report && !error && (
        <Group gap={8}>
          <Loader size="xs" aria-hidden />
          <Text size="sm" role="status">
            Looking for Python on this computer…
          </Text>
        </Group>
      )}
      {report && (
        <Stack gap={20}>
          {report.program ? (
            <Alert variant="light" title={report.why}>
              FINE_TUNING_STUDIO_WORKER is set. Unset it and restart the program to use Python.
            </Alert>
          ) : (
            <PythonChoice report={report} />
          )}
          <PythonEnvironment own={report} needed={report.used === null && !report.program} />
        </Stack>
      )}
    </Panel>
  );
}
