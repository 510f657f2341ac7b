import { Badge, Group, Radio, Text } from "@mantine/core";
import { useAccelerators } from "../../api/python";
import type { Accelerator, Interpreter, InterpreterSource } from "../../bindings";
import { formatBytes } from "../../format/numbers";

const sources: Record<InterpreterSource, string> = {
  chosen: "chosen here",
  managed: "created by this program",
  virtual_env: "active virtual environment",
  conda: "active conda environment",
  path: "on the path",
  pyenv: "from pyenv",
};

/** One interpreter with its version, its source and missing libraries. */
export function PythonLine({ python, used }: { python: Interpreter; used: boolean }) {
  const complete = python.problem === null && python.missing.length === 0;
  return (
    <Radio
      value={python.path}
      styles={{ labelWrapper: { minWidth: 0, overflowWrap: "anywhere" } }}
      label={
        <Group gap={8} component="span">
          <span>{python.path}</span>
          {used && (
            <Badge component="span" size="sm" variant="light" color="teal" tt="none">
              In use
            </Badge>
          )}
        </Group>
      }
      description={
        <>
          {python.version && `Python ${python.version}, `}
          {sources[python.source]}.{" "}
          {complete ? (
            <Complete python={python.path} />
          ) : (
            <Text span inherit c="var(--warning)">
              {python.problem ?? lacks(python)}
            </Text>
          )}
        </>
      }
    />
  );
}

/** A complete interpreter. Its accelerators take seconds to find. */
function Complete({ python }: { python: string }) {
  const { data, error } = useAccelerators(python, true);
  if (error) return <>It is complete, but PyTorch did not report its accelerators.</>;
  return <>It is complete. {data ? computesOn(data) : "Looking for accelerators…"}</>;
}

function lacks({ packages, missing }: Interpreter): string {
  const some = Object.values(packages).some((version) => version !== null);
  return some ? `Missing: ${missing.join(", ")}.` : "None of the libraries are installed.";
}

function computesOn(accelerators: Accelerator[]): string {
  if (accelerators.length === 0) return "It computes on the processor; no accelerator was found.";
  const one = ({ name, kind, memory_bytes }: Accelerator) =>
    `${name || kind}${memory_bytes ? ` (${formatBytes(memory_bytes)})` : ""}`;
  return `It computes on ${accelerators.map(one).join(", ")}.`;
}
