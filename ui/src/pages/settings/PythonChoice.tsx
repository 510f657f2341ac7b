import { Button, Group, Radio, Stack, Text } from "@mantine/core";
import { toAppError } from "../../api/errors";
import { useChoosePython } from "../../api/python";
import type { EnvironmentReport } from "../../bindings";
import { Refusal } from "../../components/Refusal";
import { pickFile } from "../../platform";
import { PythonLine } from "./PythonLine";

const automatic = "";

/** The choice among the interpreters that were found. */
export function PythonChoice({ report }: { report: EnvironmentReport }) {
  const choose = useChoosePython();
  const set = (python: string) => choose.mutate(python === automatic ? null : python);
  const browse = async () => {
    const path = await pickFile();
    if (path) set(path);
  };
  return (
    <Stack gap={12}>
      <Radio.Group
        label="Python to train with"
        value={report.chosen ?? automatic}
        onChange={set}
        readOnly={choose.isPending}
      >
        <Stack gap={10} mt={8}>
          <Radio
            value={automatic}
            label="Choose for me"
            description="The environment below if it is complete, or else the first complete one in this list."
          />
          {report.interpreters.map((python) => (
            <PythonLine key={python.path} python={python} used={python.path === report.used} />
          ))}
        </Stack>
      </Radio.Group>
      <Group gap={12}>
        <Button variant="default" onClick={browse} loading={choose.isPending}>
          Choose a Python…
        </Button>
      </Group>
      {choose.error && <Refusal error={toAppError(choose.error)} />}
      {report.used === null && (
        <Text size="sm" c="var(--warning)" role="status">
          {report.why}
        </Text>
      )}
    </Stack>
  );
}
