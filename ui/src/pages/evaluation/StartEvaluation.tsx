export function StartEvaluation() {
  return null;
}
