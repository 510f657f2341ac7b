import { Skeleton, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { toAppError } from "../../api/errors";
import type { Place } from "../../bindings";
import { type Fact, Facts } from "../Facts";
import { PlaceLine } from "./PlaceLine";
import { Warnings } from "./Warnings";

type Props = {
  place: Place | undefined;
  /** Null where the files are not here. */
  facts: Fact[] | null;
  /** Further problems: of the files, beyond that of the place, and of the fit to a model. */
  warnings: string[];
  error: unknown;
  /** What brings the files to this machine, where they are not. */
  fetch?: ReactNode;
};

/** What weights are and where, in a row's detail. */
export function WeightsFacts({ place, facts, warnings, error, fetch }: Props) {
  return (
    <section aria-label="Weights">
      <Title order={3} mb={8}>
        Weights
      </Title>
      {error ? (
        <Warnings messages={[toAppError(error).message]} />
      ) : place ? (
        <Stack gap={8}>
          <PlaceLine place={place} />
          {fetch}
          <Warnings messages={warnings.filter((message) => message !== place.message)} />
          {facts && <Facts aligned facts={facts} />}
        </Stack>
      ) : (
        <Stack gap={12} aria-busy>
          <Skeleton height={10} width="60%" />
          <Skeleton height={10} width="80%" />
        </Stack>
      )}
    </section>
  );
}
