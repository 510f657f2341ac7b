// The snapshot of another studio that shares some rows with the example.

export const otherStudio = {
  datasets: [
    { id: "7b0f", type: "huggingface", name: "squad", huggingface_name: "rajpurkar/squad" },
    { id: "9c11", type: "project_csv", name: "Old export", location: "/home/grace/export.csv" },
    { id: "da01", type: "huggingface", name: "dolly", huggingface_name: "databricks/databricks-dolly-15k" },
  ],
  models: [
    { id: "b2c4", type: "project", name: "Qwen local", location: "/home/grace/models/qwen" },
    {
      id: "mo01",
      type: "huggingface",
      framework: "pytorch",
      name: "Gemma 3 1B",
      huggingface_model_name: "google/gemma-3-1b-it",
    },
  ],
  adapters: [
    {
      id: "ad77",
      type: "project",
      name: "dolly-lora",
      model_id: "mo01",
      location: "/home/grace/dolly-lora",
    },
    { id: "ad78", type: "project", name: "lost-lora", model_id: "mo99", location: "/home/grace/lost-lora" },
  ],
  prompts: [
    {
      id: "pr01",
      type: "in_place",
      name: "Answer",
      dataset_id: "da01",
      prompt_template: "{instruction}\n{response}",
      input_template: "{instruction}\n",
      completion_template: "{response}",
    },
  ],
  configs: [
    {
      id: "cf01",
      type: "lora_config",
      description: "LoRA, rank 16",
      config: '{"r": 32, "lora_alpha": 64, "lora_dropout": 0.05}',
      is_default: 1,
    },
  ],
  alembic_version: [{ version_num: "1f5a" }],
};

/** The same with rows and a table that can't be taken. */
export const withProblems = {
  ...otherStudio,
  models: [
    ...otherStudio.models,
    { type: "project", name: "Nameless", location: "/home/grace/models/other" },
  ],
  prompts: [...otherStudio.prompts, { id: "pr02", type: "in_place", name: 7 }],
  notes: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }],
};
