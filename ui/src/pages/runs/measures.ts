// What trainers measure: their names for it, and which measures share a chart.
import type { Method, Series } from "../../bindings";

export type View = {
  value: string;
  label: string;
  /** The measures, by the trainer's names. They share a scale, and so a chart. */
  series: string[];
};

function both(kind: string): string[] {
  const answers = [`${kind}/chosen`, `${kind}/rejected`];
  return [...answers, ...answers.map((name) => `eval_${name}`)];
}

/** In the order of importance. A training shows those that its method measures. */
const views: View[] = [
  { value: "loss", label: "Loss", series: ["loss", "eval_loss"] },
  { value: "margins", label: "Reward margin", series: ["rewards/margins", "eval_rewards/margins"] },
  { value: "margin", label: "Score margin", series: ["margin", "eval_margin"] },
  {
    value: "accuracies",
    label: "Preference accuracy",
    series: ["rewards/accuracies", "eval_rewards/accuracies"],
  },
  { value: "accuracy", label: "Preference accuracy", series: ["accuracy", "eval_accuracy"] },
  { value: "rewards", label: "Rewards", series: both("rewards") },
  { value: "logps", label: "Log-probabilities", series: both("logps") },
  { value: "kl", label: "KL divergence", series: ["kl", "eval_kl"] },
  { value: "nll_loss", label: "Loss of the chosen answers", series: ["nll_loss", "eval_nll_loss"] },
  { value: "log_odds_ratio", label: "Log odds ratio", series: ["log_odds_ratio", "eval_log_odds_ratio"] },
  {
    value: "mean_token_accuracy",
    label: "Token accuracy",
    series: ["mean_token_accuracy", "eval_mean_token_accuracy"],
  },
  { value: "entropy", label: "Entropy", series: ["entropy", "eval_entropy"] },
  { value: "learning_rate", label: "Learning rate", series: ["learning_rate"] },
  { value: "grad_norm", label: "Gradient norm", series: ["grad_norm"] },
];

/** The charts that show at a glance how a training by a method goes. */
const first: Record<Method, string[]> = {
  sft: ["loss"],
  dpo: ["loss", "margins", "accuracies"],
  kto: ["loss", "margins", "kl"],
  orpo: ["loss", "margins", "accuracies"],
  reward: ["loss", "margin", "accuracy"],
};

/** Those of them for which there are measurements. */
export function firstViews(method: Method, series: Series[]): View[] {
  return viewsOf(series).filter(({ value }) => first[method].includes(value));
}

const names: Record<string, string> = {
  loss: "Loss",
  learning_rate: "Learning rate",
  grad_norm: "Gradient norm",
  train_loss: "Mean loss",
  mean_token_accuracy: "Token accuracy",
  entropy: "Entropy",
  kl: "KL divergence",
  nll_loss: "Loss of the chosen answers",
  log_odds_ratio: "Log odds ratio",
  accuracy: "Share of pairs with the chosen answer ahead",
  margin: "Score margin",
  "rewards/margins": "Reward margin",
  "rewards/accuracies": "Share of pairs with the chosen answer ahead",
  "rewards/chosen": "Reward of chosen answers",
  "rewards/rejected": "Reward of rejected answers",
  "logps/chosen": "Log-probability of chosen answers",
  "logps/rejected": "Log-probability of rejected answers",
};

const HELD_BACK = "eval_";

/** The label of a measure by the trainer's name for it. */
export function measureName(name: string): string {
  if (name.startsWith(HELD_BACK)) return `${measureName(name.slice(HELD_BACK.length))} on held-back rows`;
  return names[name] ?? name.replaceAll(/[_/]/g, " ");
}

const isMeasured = (series: Series[], name: string) =>
  series.some((one) => one.name === name && one.points.length > 0);

/** The charts for which a training has measurements. */
export function viewsOf(series: Series[]): View[] {
  return views.filter((view) => view.series.some((name) => isMeasured(series, name)));
}

/** The measures of which one of several trainings has measurements, in the order of their charts. What is measured
 * on held-back rows as well is one of them. */
export function measuresOf(all: Series[][]): string[] {
  const names = views.flatMap((view) => view.series).map(trainingName);
  return [...new Set(names)].filter((name) =>
    all.some((series) => isMeasured(series, name) || isMeasured(series, heldBackName(name))),
  );
}

/** The name of a measure on the rows of the training. */
const trainingName = (name: string) => (name.startsWith(HELD_BACK) ? name.slice(HELD_BACK.length) : name);

/** The name of a measure on held-back rows. */
export const heldBackName = (name: string) => `${HELD_BACK}${name}`;
