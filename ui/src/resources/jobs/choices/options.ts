// The choices of a training beyond the columns of its job, each with when one would choose it.
import type { Method, RowFormat, TrainingChoices, TrainOn, Tuning } from "../../../bindings";

/** The labels of the choices, by their names, in the order of the start page. */
export const choiceLabels: Record<keyof TrainingChoices, string> = {
  method: "Method",
  row_format: "Row format",
  rating_column: "Good answers by",
  rating_threshold: "Good from",
  chat_template: "Chat template",
  system_prompt: "System prompt",
  train_on: "Learns from",
  adapter_init: "Continue an adapter",
  tuning: "Trained weights",
  early_stopping_patience: "Early stopping",
};

export type Option<Value extends string> = { value: Value; label: string; help: string };

export const methods: Option<Method>[] = [
  {
    value: "sft",
    label: "Supervised fine-tuning (SFT)",
    help: "The model learns to write the given answers. Choose it to teach a task, a style or facts by examples.",
  },
  {
    value: "dpo",
    label: "Direct preference optimization (DPO)",
    help: "Of two answers, the model learns to prefer one. Choose it after supervised fine-tuning, with pairs of a better and a worse answer.",
  },
  {
    value: "kto",
    label: "Kahneman-Tversky optimization (KTO)",
    help: "The model learns from single answers that are good or bad. Choose it where answers have ratings, or pairs whose answers are good or bad by themselves.",
  },
  {
    value: "orpo",
    label: "Odds-ratio preference optimization (ORPO), experimental",
    help: "Supervised fine-tuning and preference in one training, without a reference model. Choose it to save memory and a second training; it is experimental in TRL.",
  },
  {
    value: "reward",
    label: "Reward model",
    help: "The model learns to give the preferred of two answers the higher score, and writes no answers itself. Choose it to rank answers, or for reinforcement learning later.",
  },
];

export const rowFormats: Option<RowFormat>[] = [
  {
    value: "prompt_completion",
    label: "Prompt and completion",
    help: "The columns of a row are filled into a prompt template. Choose it for columns such as question and answer, to word the prompt yourself.",
  },
  {
    value: "text",
    label: "Text",
    help: "Each row is one text, all of which is learned. Choose it to go on with pretraining, or for rows that are formatted already.",
  },
  {
    value: "conversation",
    label: "Conversation",
    help: "Each row is a list of messages, which a chat template renders as one text. Choose it for instruct models, and for dialogs of several turns.",
  },
  {
    value: "preference",
    label: "Preference",
    help: "Each row has a chosen and a rejected answer. Choose it for pairs of answers to the same prompt.",
  },
  {
    value: "unpaired_preference",
    label: "Unpaired preference",
    help: "Each row has one answer, and whether it is good; a pair counts as two. Choose it for answers with a label or a rating.",
  },
];

/** The formats that a method trains on, the usual one first. */
export const formatsOf: Record<Method, RowFormat[]> = {
  sft: ["conversation", "prompt_completion", "text"],
  dpo: ["preference"],
  orpo: ["preference"],
  reward: ["preference"],
  kto: ["unpaired_preference"],
};

export const trainOn: Option<TrainOn>[] = [
  {
    value: "last_turn",
    label: "The last answer",
    help: "The messages before it are context only. Choose it where earlier answers are not worth learning.",
  },
  {
    value: "assistant_turns",
    label: "Each answer",
    help: "Every message of the assistant is learned. Choose it for conversations that are good from beginning to end.",
  },
  {
    value: "everything",
    label: "Everything",
    help: "Questions and the words of the template are learned as well. Choose it to go on with pretraining on conversations.",
  },
];

export const tunings: Option<Tuning>[] = [
  {
    value: "lora",
    label: "Adapter (LoRA)",
    help: "A small adapter is trained, and the model stays as it is. Choose it unless an adapter was not enough: it needs far less memory and disk space.",
  },
  {
    value: "full",
    label: "The whole model",
    help: "All weights change, and the result is a model of its own. Choose it if you have many rows and much memory.",
  },
];

/** The value of the option that asks for a file. */
export const FILE = "file…";

/** The chat templates that need no file. The model's own is the one that is not chosen. */
export const chatTemplates: Option<string>[] = [
  {
    value: "model",
    label: "The model's own",
    help: "The template that comes with the model. Choose it for instruct models, which expect it.",
  },
  {
    value: "plain",
    label: "Plain roles",
    help: "Writes the roles as words, with tokens that the model has already. Choose it for base models, which have no template.",
  },
  {
    value: "headings",
    label: "Headings",
    help: "Writes the roles as headings, with tokens that the model has already. Choose it for base models, where messages have several paragraphs.",
  },
];

export const noTemplate: Option<string> = {
  value: "none",
  label: "None",
  help: "The texts stay as they are in the rows. Choose it for answers that are formatted already.",
};

export const fileTemplate: Option<string> = {
  value: FILE,
  label: "A file…",
  help: "A Jinja template of your own. Choose it where the model's own template is wrong, or can't render something, such as tools.",
};

export const help = {
  rating_column:
    "The column that says whether an answer is good: true and false, or a rating. Leave it empty to go by label, rating or score.",
  rating_threshold:
    "Answers with this rating or a higher one are good, all others bad. Raise it where only the best answers should be imitated.",
  system_prompt:
    "Comes first in conversations that begin without a system prompt. Leave it empty where the model should answer without one.",
  adapter_init:
    "The training starts from this adapter instead of a new one. Choose it to go on with more rows, or with a second method.",
  early_stopping_patience:
    "Ends the training after this many evaluations in a row without a lower loss on held-back rows. Leave it empty to train all epochs.",
};

export function labelOf<Value extends string>(options: Option<Value>[], value: string | null | undefined) {
  return options.find((option) => option.value === value)?.label ?? value ?? "";
}
