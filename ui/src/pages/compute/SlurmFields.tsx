import { Autocomplete, Fieldset, Textarea, TextInput } from "@mantine/core";
import { useLastCheck } from "../../api/targets";
import { fieldProps, type PageFields } from "../../components/form/fieldProps";
import css from "./Compute.module.css";

const fields = [
  { column: "account", option: "--account", placeholder: "" },
  { column: "qos", option: "--qos", placeholder: "" },
  { column: "time", option: "--time", placeholder: "4:00:00" },
  { column: "gres", option: "--gres", placeholder: "gpu:1" },
  { column: "mem", option: "--mem", placeholder: "32G" },
  { column: "nodes", option: "--nodes", placeholder: "1" },
];

/** What a cluster is asked for, with Slurm's own words beside plain ones. */
export function SlurmFields({ page, id }: { page: PageFields; id: string | undefined }) {
  return (
    <Fieldset legend="Each run asks Slurm for" className={css.slurm}>
      {id === undefined ? <Partition page={page} names={[]} /> : <KnownPartition page={page} id={id} />}
      {fields.map(({ column, option, placeholder }) => (
        <TextInput
          key={column}
          {...fieldProps(page, column)}
          description={<code>{option}</code>}
          placeholder={placeholder || "The cluster’s default"}
          autoComplete="off"
          spellCheck={false}
        />
      ))}
      <Textarea
        {...fieldProps(page, "sbatch")}
        description={
          <>
            A line for each, as after <code>#SBATCH</code>.
          </>
        }
        placeholder="--constraint=a100"
        autosize
        minRows={1}
        maxRows={5}
        spellCheck={false}
        className={css.lines}
      />
    </Fieldset>
  );
}

/** Proposes the partitions that the last check found. */
function KnownPartition({ page, id }: { page: PageFields; id: string }) {
  const names = useLastCheck(id).data?.check.slurm?.partitions.map(({ name }) => name);
  return <Partition page={page} names={names ?? []} />;
}

function Partition({ page, names }: { page: PageFields; names: string[] }) {
  return (
    <Autocomplete
      {...fieldProps(page, "partition")}
      data={names}
      description={<code>--partition</code>}
      placeholder="The cluster’s default"
      autoComplete="off"
      spellCheck={false}
    />
  );
}
