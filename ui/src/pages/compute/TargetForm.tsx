import {
  Button,
  Group,
  Input,
  Modal,
  SegmentedControl,
  Select,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { modals } from "@mantine/modals";
import { type KeyboardEvent, type SyntheticEvent, useId } from "react";
import type { Target, TargetKind } from "../../bindings";
import formCss from "../../components/form/Form.module.css";
import { fieldProps, type PageFields } from "../../components/form/fieldProps";
import { PathField } from "../../components/form/PathField";
import { Refusal } from "../../components/Refusal";
import css from "./Compute.module.css";
import { SlurmFields } from "./SlurmFields";
import { kindOf, kinds } from "./targetTexts";
import { useTargetForm } from "./useTargetForm";
import { WorkbenchAccess, WorkbenchFields } from "./WorkbenchFields";

type Props = {
  /** Null for a new one. */
  target: Target | null;
  onSaved: (target: Target) => void;
  onClose: () => void;
};

/** The form of a target. */
export function TargetForm({ target, onSaved, onClose }: Props) {
  const { page, touched, refused, submit, saving } = useTargetForm(target, onSaved);
  const close = () =>
    touched
      ? modals.openConfirmModal({
          title: "Discard what was typed?",
          labels: { confirm: "Discard", cancel: "Keep editing" },
          confirmProps: { color: "red" },
          onConfirm: onClose,
        })
      : onClose();
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    void submit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSubmit(event);
  };
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={false}
      title={target ? `Edit ${target.name}` : "New compute target"}
      size={680}
      padding={0}
      classNames={{ header: formCss.header, body: formCss.body, content: formCss.content }}
    >
      <form onSubmit={onSubmit} onKeyDown={onKeyDown} noValidate className={formCss.form}>
        {refused && (
          <div className={formCss.refused}>
            <Refusal error={refused} />
          </div>
        )}
        <div className={formCss.fields}>
          <KindField page={page} />
          <Where page={page} isNew={target === null} />
          {page.values.kind === "slurm" && <SlurmFields page={page} id={target?.id} />}
          {page.values.kind === "cloudera" && <WorkbenchFields page={page} id={target?.id} />}
        </div>
        <Group className={formCss.footer} justify="flex-end" gap={8}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={saving}>
            {target ? "Save" : "Add and check"}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function KindField({ page }: { page: PageFields }) {
  const id = useId();
  const kind = kindOf(page.values.kind);
  return (
    <Input.Wrapper
      label="Kind"
      labelElement="div"
      labelProps={{ id }}
      description={kinds[kind].about}
      error={page.problem("kind")}
    >
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        data={Object.entries(kinds).map(([value, { label }]) => ({ value, label }))}
        value={kind}
        onChange={(next) => page.set("kind", next)}
      />
    </Input.Wrapper>
  );
}

/** The host, and what is used there. */
function Where({ page, isNew }: { page: PageFields; isNew: boolean }) {
  const kind = kindOf(page.values.kind);
  const isWorkbench = kind === "cloudera";
  return (
    <>
      <TextInput
        {...fieldProps(page, "name")}
        required
        data-autofocus
        autoComplete="off"
        placeholder="What lists call it"
        wrapperProps={{ "data-short": true }}
      />
      <TextInput
        {...fieldProps(page, "host")}
        required
        autoComplete="off"
        spellCheck={false}
        placeholder={hostExamples[kind]}
        description={hosts[kind]}
        wrapperProps={{ "data-short": true }}
      />
      {isWorkbench && <WorkbenchAccess page={page} isNew={isNew} />}
      <TextInput
        {...fieldProps(page, "folder")}
        required
        autoComplete="off"
        spellCheck={false}
        description={
          isWorkbench
            ? "Runs and data are kept below it. ~ is the project’s folder."
            : "Runs, data and environments are kept below it. ~ is your home there."
        }
        wrapperProps={{ "data-short": true }}
      />
      <TextInput
        {...fieldProps(page, "python")}
        autoComplete="off"
        spellCheck={false}
        placeholder="~/venv/bin/python"
        description={
          isWorkbench
            ? "One with PyTorch, Transformers, PEFT and TRL. Left empty, that of the runtime."
            : "One with PyTorch, Transformers, PEFT and TRL. Left empty, an environment can be created there."
        }
        wrapperProps={{ "data-short": true }}
      />
      {!isWorkbench && <OverSsh page={page} />}
      <HubModels page={page} />
      <Keep page={page} />
    </>
  );
}

const hosts: Record<TargetKind, string> = {
  ssh: "As your SSH configuration knows it: its keys, agent and jump hosts are used.",
  slurm: "A login node, as your SSH configuration knows it, or “local” if that is this machine.",
  cloudera: "The address of the workbench, as your browser shows it.",
};

const hostExamples: Record<TargetKind, string> = {
  ssh: "gpu-box, or ada@10.0.0.7",
  slurm: "login.cluster.example.org",
  cloudera: "https://ml-1234.example.com",
};

/** What is used of SSH and of shells. */
function OverSsh({ page }: { page: PageFields }) {
  return (
    <>
      <PathField
        pick="file"
        common={{ ...fieldProps(page, "ssh_config"), placeholder: "Your own, ~/.ssh/config" }}
      />
      <Textarea
        {...fieldProps(page, "setup")}
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        className={css.lines}
        placeholder={"module load cuda\nsource ~/venv/bin/activate"}
        description={
          <Text span inherit>
            Lines of shell that run there before Python starts.
          </Text>
        }
      />
    </>
  );
}

/** How models of the Hub get there. */
function HubModels({ page }: { page: PageFields }) {
  const usual = page.values.kind === "slurm" ? "sent from this machine" : "fetched there";
  return (
    <Select
      {...fieldProps(page, "models")}
      value={page.values.models ?? ""}
      onChange={(next) => page.set("models", next ?? "")}
      allowDeselect={false}
      data={[
        { value: "", label: `As usual: ${usual}` },
        { value: "fetch", label: "Fetched there, from the Hub" },
        { value: "send", label: "Sent from this machine" },
      ]}
      description="Nodes of a cluster often reach no other network. Other models are always sent."
      wrapperProps={{ "data-short": true }}
    />
  );
}

const keeps = [
  { value: "nothing", label: "Nothing" },
  { value: "7", label: "Everything, for 7 days" },
  { value: "30", label: "Everything, for 30 days" },
  { value: "everything", label: "Everything" },
];

/** What stays there of a run once its results are here. */
function Keep({ page }: { page: PageFields }) {
  const value = page.values.keep ?? "nothing";
  const known = keeps.some((keep) => keep.value === value);
  return (
    <Select
      {...fieldProps(page, "keep")}
      value={value}
      onChange={(next) => page.set("keep", next ?? "nothing")}
      allowDeselect={false}
      data={known ? keeps : [...keeps, { value, label: `Everything, for ${value} days` }]}
      description="Folders of runs whose results are here. Data and models stay: they are not sent again."
      wrapperProps={{ "data-short": true }}
    />
  );
}
