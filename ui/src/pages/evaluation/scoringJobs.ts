import type { Spec } from "../../bindings";

/** The jobs of an evaluation whose models are reward models, which give scores and write no answers. */
export function scoringJobs(specification: Spec | null): Set<string> {
  const combinations = specification?.kind === "evaluation" ? specification.combinations : [];
  return new Set(combinations.filter(({ scores }) => scores).map(({ job }) => job));
}
