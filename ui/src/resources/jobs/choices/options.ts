// The choices of a training beyond the columns of its job, each with when one would choose it and what it
// costs.
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
    help: "The model learns to write the given answers. Choose it first, to teach a task, a style or facts by examples; the rows have to be as good as the answers should be.",
  },
  {
    value: "dpo",
    label: "Direct preference optimization (DPO)",
    help: "Of two answers, the model learns to prefer one. Choose it after supervised fine-tuning, with pairs of a better and a worse answer; a step takes about twice the time and memory.",
  },
  {
    value: "kto",
    label: "Kahneman-Tversky optimization (KTO)",
    help: "The model learns from single answers that are good or bad. Choose it where answers have ratings, or pairs whose answers are good or bad by themselves; it needs more rows than pairs would, and a batch of 2 or more.",
  },
  {
    value: "orpo",
    label: "Odds-ratio preference optimization (ORPO), experimental",
    help: "Supervised fine-tuning and preference in one training, without a reference model. Choose it to save a second training and the memory of a reference; it is experimental in TRL, and may change or vanish there.",
  },
  {
    value: "reward",
    label: "Reward model",
    help: "The model learns to give the preferred of two answers the higher score, and writes no answers itself. Choose it to rank answers, or for reinforcement learning later; its result can't be tried, merged or served.",
  },
];

export const rowFormats: Option<RowFormat>[] = [
  {
    value: "prompt_completion",
    label: "Prompt and completion",
    help: "The columns of a row are filled into a prompt template. Choose it for columns such as question and answer, to word the prompt yourself; whoever asks the model later has to word it so too.",
  },
  {
    value: "text",
    label: "Text",
    help: "Each row is one text, all of which is learned. Choose it to go on with pretraining, or for rows that are formatted already; the model then also learns to write the questions.",
  },
  {
    value: "conversation",
    label: "Conversation",
    help: "Each row is a list of messages, which a chat template renders as one text. Choose it for instruct models, and for dialogs of several turns; the tokens of the template add to the length of each row.",
  },
  {
    value: "preference",
    label: "Preference",
    help: "Each row has a chosen and a rejected answer. Choose it for pairs of answers to the same prompt; both are kept in memory, which takes about twice as much.",
  },
  {
    value: "unpaired_preference",
    label: "Unpaired preference",
    help: "Each row has one answer, and whether it is good; a pair counts as two. Choose it for answers with a label or a rating; what makes an answer better than another of the same prompt is learned less clearly.",
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
    help: "The messages before it are context only. Choose it where earlier answers are not worth learning; a conversation then teaches one answer for the price of all its tokens.",
  },
  {
    value: "assistant_turns",
    label: "Each answer",
    help: "Every message of the assistant is learned. Choose it for conversations that are good from beginning to end; mistakes in early answers are learned as well.",
  },
  {
    value: "everything",
    label: "Everything",
    help: "Questions and the words of the template are learned as well. Choose it to go on with pretraining on conversations; answers are then a smaller part of what is learned.",
  },
];

export const tunings: Option<Tuning>[] = [
  {
    value: "lora",
    label: "Adapter (LoRA)",
    help: "A small adapter is trained, and the model stays as it is. Choose it unless an adapter was not enough: it needs far less memory and disk space, and can learn a little less.",
  },
  {
    value: "full",
    label: "The whole model",
    help: "All weights change, and the result is a model of its own. Choose it if you have many rows; it takes several times the memory of an adapter, and as much disk space as the model.",
  },
];

/** The value of the option that asks for a file. */
export const FILE = "file…";

/** The chat templates that need no file. The model's own is the one that is not chosen. */
export const chatTemplates: Option<string>[] = [
  {
    value: "model",
    label: "The model's own",
    help: "The template that comes with the model. Choose it for instruct models, which expect it; if a template doesn't mark where answers begin, only the last answer is learned.",
  },
  {
    value: "plain",
    label: "Plain roles",
    help: "Writes the roles as words, with tokens that the model has already. Choose it for base models, which have no template; it has no place for tools.",
  },
  {
    value: "headings",
    label: "Headings",
    help: "Writes the roles as headings, with tokens that the model has already. Choose it for base models, where messages have several paragraphs; it takes a few tokens more a turn, and has no place for tools.",
  },
];

export const noTemplate: Option<string> = {
  value: "none",
  label: "None",
  help: "The texts stay as they are in the rows. Choose it for answers that are formatted already; an instruct model then learns them outside of its turns.",
};

export const fileTemplate: Option<string> = {
  value: FILE,
  label: "A file…",
  help: "A Jinja template of your own. Choose it where the model's own template is wrong, or can't render something, such as tools; tokens in it that the model never learned have to be trained too.",
};

/** Help beside fields, and beside the two choices of where a text carries loss. */
export const help = {
  completion_only:
    "The model learns to write the answers, and reads the prompts. Choose it to teach a task; little is learned of what the prompts say.",
  whole_text:
    "Prompts are learned as well. Choose it where answers are very short or prompts hold what is new; the model is then less sure where an answer begins.",
  rating_column:
    "The column that says whether an answer is good: true and false, or a rating. Choose it where it has another name than label, rating or score, which are found when it is left empty.",
  rating_threshold:
    "Answers with this rating or a higher one are good, all others bad. Raise it where only the best answers should be imitated, for the price of fewer good ones.",
  system_prompt:
    "Comes first in conversations that begin without a system prompt. Choose one that will also be there when the model is asked, else leave it empty: its tokens are paid for in every row.",
  adapter_init:
    "The training starts from this adapter instead of a new one. Choose it to go on with more rows, or with a second method; rank and target layers stay as they were.",
  early_stopping_patience:
    "Ends the training after this many evaluations in a row without a lower loss on held-back rows. Choose 2 or 3 where the model gets worse on new rows before the end; each evaluation takes time, and each checkpoint disk space.",
};

export function labelOf<Value extends string>(options: Option<Value>[], value: string | null | undefined) {
  return options.find((option) => option.value === value)?.label ?? value ?? "";
}
