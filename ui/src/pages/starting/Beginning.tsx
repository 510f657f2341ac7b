import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { toAppError } from "../../api/errors";
import { keys } from "../../api/store";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";

type Props<Asked, Begun> = {
  title: string;
  /** Tells what is begun from other beginnings. */
  what: string;
  /** What the page was asked for by its address. */
  asked: Asked;
  begin: (asked: Asked) => Promise<Begun>;
  children: (begun: Begun) => ReactNode;
};

/** A start page, once what it begins with is there. */
export function Beginning<Asked, Begun>({ title, what, asked, begin, children }: Props<Asked, Begun>) {
  const begun = useQuery({
    queryKey: [...keys.store, "begin", what, asked],
    queryFn: () => begin(asked),
    // What is typed must not be begun anew.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (begun.data) return children(begun.data);
  return (
    <Page title={title}>
      {begun.error ? (
        <Refusal error={toAppError(begun.error)} onRetry={() => void begun.refetch()} />
      ) : (
        <Center h={160}>
          <Loader size="sm" aria-label="Preparing the page" />
        </Center>
      )}
    </Page>
  );
}
