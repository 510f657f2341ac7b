import { Autocomplete, Fieldset, PasswordInput, TextInput } from "@mantine/core";
import { useLastCheck } from "../../api/targets";
import type { WorkbenchChoice } from "../../bindings";
import { fieldProps, type PageFields } from "../../components/form/fieldProps";
import { PathField } from "../../components/form/PathField";
import css from "./Compute.module.css";

/** Where a workbench is, and who asks. */
export function WorkbenchAccess({ page, isNew }: { page: PageFields; isNew: boolean }) {
  return (
    <>
      <TextInput
        {...fieldProps(page, "project")}
        required
        autoComplete="off"
        spellCheck={false}
        placeholder="1a2b-3c4d-5e6f-7a8b"
        description="Its id, from the project’s settings on the workbench."
        wrapperProps={{ "data-short": true }}
      />
      <PasswordInput
        {...fieldProps(page, "key")}
        autoComplete="off"
        placeholder={isNew ? "" : "The one that is stored"}
        description="From User Settings, API Keys there. It is kept in your system’s keyring; without one, the variable CDSW_APIV2_KEY is used."
        wrapperProps={{ "data-short": true }}
      />
      <PathField
        pick="file"
        common={{ ...fieldProps(page, "certificates"), placeholder: "Those of your system" }}
      />
    </>
  );
}

/** What each run has on a workbench; what can be chosen is known once the target was checked. */
export function WorkbenchFields({ page, id }: { page: PageFields; id: string | undefined }) {
  return (
    <Fieldset legend="Each run asks the workbench for" className={css.slurm}>
      {id === undefined ? <Choices page={page} /> : <KnownChoices page={page} id={id} />}
      <TextInput
        {...fieldProps(page, "profile")}
        placeholder="2cpu,8gb,1gpu"
        autoComplete="off"
        spellCheck={false}
      />
    </Fieldset>
  );
}

type Known = { runtimes: WorkbenchChoice[]; addons: WorkbenchChoice[]; gpu_labels: WorkbenchChoice[] };

function KnownChoices({ page, id }: { page: PageFields; id: string }) {
  const known = useLastCheck(id).data?.check.workbench;
  return <Choices page={page} known={known ?? undefined} />;
}

function Choices({ page, known }: { page: PageFields; known?: Known | undefined }) {
  const fields = [
    { column: "runtime", choices: known?.runtimes, placeholder: "Check the target first: it lists them" },
    { column: "addons", choices: known?.addons, placeholder: "None" },
    { column: "gpu_label", choices: known?.gpu_labels, placeholder: "Any" },
  ];
  return fields.map(({ column, choices = [], placeholder }) => (
    <Autocomplete
      key={column}
      {...fieldProps(page, column)}
      data={choices.map(({ value }) => value)}
      renderOption={({ option }) =>
        choices.find(({ value }) => value === option.value)?.label ?? option.value
      }
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
    />
  ));
}
