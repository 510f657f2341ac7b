const names: Record<string, string> = {
  loss: "Loss",
  eval_loss: "Loss on held-back rows",
  learning_rate: "Learning rate",
  grad_norm: "Gradient norm",
  train_loss: "Mean loss",
  mean_token_accuracy: "Token accuracy",
  eval_mean_token_accuracy: "Token accuracy on held-back rows",
};

/** The label of a measure by the trainer's name for it. */
export function measureName(name: string): string {
  return names[name] ?? name.replaceAll("_", " ");
}
