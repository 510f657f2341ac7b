import { Stack, Text } from "@mantine/core";
import { useEnvironment } from "../../api/python";
import { Panel } from "../../components/Panel";
import { PathText } from "../../components/PathText";
import { PythonEnvironment } from "./PythonEnvironment";

/** The environment for exports to GGUF and Ollama. */
export function Gguf() {
  const { data: report } = useEnvironment();
  if (!report) return null;
  const { gguf, gguf_used: used } = report;
  // One that was chosen, or that is active, may have what it takes.
  const elsewhere = used !== null && !used.startsWith(gguf.folder);
  return (
    <Panel
      title="GGUF"
      about="Exports to GGUF and Ollama need llama.cpp’s converter, which has an environment of its own beside the one that trains."
    >
      <Stack gap={12}>
        {elsewhere && (
          <Text size="sm" component="div">
            They run in <PathText path={used} />
          </Text>
        )}
        <PythonEnvironment own={gguf} needed={false} />
      </Stack>
    </Panel>
  );
}
