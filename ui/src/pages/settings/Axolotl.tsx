import { Stack, Text } from "@mantine/core";
import { useEnvironment } from "../../api/python";
import { Panel } from "../../components/Panel";
import { PathText } from "../../components/PathText";
import { PythonEnvironment } from "./PythonEnvironment";

/** The environment for trainings with Axolotl. */
export function Axolotl() {
  const { data: report } = useEnvironment();
  if (!report) return null;
  const { axolotl, axolotl_used: used } = report;
  // One that was chosen, or that is active, may have it installed.
  const elsewhere = used !== null && !used.startsWith(axolotl.folder);
  return (
    <Panel
      title="Axolotl"
      about="Training with Axolotl needs other versions of the libraries, so it runs in an environment of its own."
    >
      <Stack gap={12}>
        {elsewhere && (
          <Text size="sm" component="div">
            It runs in <PathText path={used} />
          </Text>
        )}
        <PythonEnvironment own={axolotl} needed={false} />
      </Stack>
    </Panel>
  );
}
