import { Checkbox, TextInput } from "@mantine/core";
import type { Published } from "../../../bindings";
import { plural } from "../../../format/texts";
import css from "../../starting/Start.module.css";
import { BaseField } from "../BaseField";
import { PartChoice } from "../PartChoice";
import type { WayFormProps, WayOf } from "../way";
import { PublishedCard } from "./PublishedCard";
import { PublishedFiles } from "./PublishedFiles";

const parts: { value: Published; label: string; about: string }[] = [
  {
    value: "adapter",
    label: "The adapter alone",
    about: "A small file. Who loads it needs the base model too.",
  },
  {
    value: "merged",
    label: "The merged model",
    about: "Base model and adapter in one, as large as the base model.",
  },
];

function PublishForm({ settings, change, page, plan, table }: WayFormProps<"publish">) {
  return (
    <>
      {table === "adapters" && (
        <PartChoice
          page={page}
          name="what"
          label="What is sent"
          parts={parts}
          value={settings.what}
          onChange={(what) => change({ what })}
        />
      )}
      <div className={css.two}>
        <TextInput
          label="Repository"
          data-field="repository"
          placeholder="organization/name"
          autoComplete="off"
          spellCheck={false}
          value={settings.repository}
          error={page.problem("repository")}
          onChange={({ currentTarget }) => change({ repository: currentTarget.value })}
        />
        {table !== "datasets" && (
          <TextInput
            label={table === "adapters" ? "Base model on the Hub" : "Made from, on the Hub"}
            data-field="base_model"
            placeholder={table === "adapters" ? "As its row says" : "organization/name, if it was"}
            autoComplete="off"
            spellCheck={false}
            value={settings.base_model ?? ""}
            error={page.problem("base_model")}
            onChange={({ currentTarget }) => change({ base_model: currentTarget.value || null })}
          />
        )}
        {settings.what === "merged" && <BaseField page={page} />}
        <TextInput
          label="Branch"
          data-field="revision"
          autoComplete="off"
          spellCheck={false}
          value={settings.revision}
          error={page.problem("revision")}
          onChange={({ currentTarget }) => change({ revision: currentTarget.value })}
        />
        <TextInput
          label="Message of the commit"
          data-field="message"
          autoComplete="off"
          placeholder={plan && `Publish ${plan.name}`}
          value={settings.message ?? ""}
          onChange={({ currentTarget }) => change({ message: currentTarget.value || null })}
        />
      </div>
      <Checkbox
        mt={12}
        size="xs"
        label="Everyone can see it"
        description="Otherwise only the owners of the repository can. One that is there already stays as it is."
        checked={!settings.private}
        onChange={({ currentTarget }) => change({ private: !currentTarget.checked })}
      />
      <PublishedFiles publication={plan?.publication ?? null} merged={settings.what === "merged"} />
      <PublishedCard
        made={plan?.publication?.card}
        card={settings.card ?? null}
        problem={page.problem("card")}
        change={(card) => change({ card })}
      />
    </>
  );
}

const whatOf: Partial<Record<string, Published>> = { models: "model", datasets: "dataset" };

export const publish: WayOf<"publish"> = {
  way: "publish",
  label: "Hugging Face Hub",
  about: "A repository on the Hub, new or existing, which only its owners see unless you say otherwise.",
  initial: {
    repository: "",
    private: true,
    revision: "main",
    what: "adapter",
    card: null,
    message: null,
    base_model: null,
  },
  initialOf: ({ table }) => ({ what: whatOf[table] ?? "adapter" }),
  name: (row) => row,
  Form: PublishForm,
  labels: {
    repository: "Repository",
    base_model: "Base model on the Hub",
    revision: "Branch",
    card: "Card",
    files: "Files",
  },
  facts: (plan, { repository }) => [
    { name: "Sends to", value: repository },
    {
      name: "Files",
      value: !!plan?.publication?.files.length && plural(plan.publication.files.length, "file"),
    },
  ],
};
