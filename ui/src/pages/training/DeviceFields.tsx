import { MultiSelect, TextInput } from "@mantine/core";
import { fieldProps } from "../../components/form/fieldProps";
import { formatBytes } from "../../format/numbers";
import { trainsElsewhere } from "../../resources/jobs/choices/shownChoices";
import type { Training } from "./useTraining";

type Props = { training: Training };

/** Which GPUs train. Nothing where there is no choice. */
export function GpuField({ training }: Props) {
  const { values, plan, change, problem } = training;
  if (!plan || plan.gpus.length < 2 || trainsElsewhere(values)) return null;
  const common = fieldProps(training, "devices", "GPUs");
  const trains = values.devices ? values.devices.split(",") : plan.devices.map(String);
  return (
    <MultiSelect
      label={common.label}
      description={
        common.description ??
        "The rows of a step are divided among the GPUs, each of which holds the model. Choose several to train faster, or one of them to leave the others free."
      }
      error={problem("devices") ?? problem("num_gpu")}
      data-field="devices"
      data={plan.gpus.map(({ name, memory_bytes }, index) => ({
        value: String(index),
        label: `${index}: ${name}${memory_bytes ? `, ${formatBytes(memory_bytes)}` : ""}`,
      }))}
      value={trains.length > 0 ? trains : ["0"]}
      onChange={(chosen) => {
        const devices = chosen.map(Number).sort((one, other) => one - other);
        change({ devices: devices.join(","), num_gpu: String(devices.length) });
      }}
      hidePickedOptions
    />
  );
}

/** How many processes train on the processor. Nothing where a GPU trains, or one core. */
export function ProcessesField({ training }: Props) {
  const { values, plan } = training;
  if (!plan || plan.gpus.length > 0 || plan.most_processes < 2 || trainsElsewhere(values)) return null;
  const common = fieldProps(training, "num_workers", "Processes");
  return (
    <TextInput
      {...common}
      description={
        common.description ??
        "The rows of a step are divided among the processes, which share the cores and hold the model each. One is fastest for most models; choose more where it leaves cores idle."
      }
      inputMode="numeric"
      autoComplete="off"
    />
  );
}
