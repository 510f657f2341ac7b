import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { toAppError } from "../../api/errors";
import { keys } from "../../api/store";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";

type Props<Request, Initial> = {
  title: string;
  /** Tells what is initial from other beginnings. */
  what: string;
  /** What the page was request for by its address. */
  request: Request;
  load: (request: Request) => Promise<Initial>;
  children: (initial: Initial) => ReactNode;
};

/** A start page, once what it begins with is there. */
export function StartPageLoader<Request, Initial>({
  title,
  what,
  request,
  load,
  children,
}: Props<Request, Initial>) {
  const initial = useQuery({
    queryKey: [...keys.store, "begin", what, request],
    queryFn: () => load(request),
    // What is typed must not be initial anew.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (initial.data) return children(initial.data);
  return (
    <Page title={title}>
      {initial.error ? (
        <Refusal error={toAppError(initial.error)} onRetry={() => void initial.refetch()} />
      ) : (
        <Center h={160}>
          <Loader size="sm" aria-label="Preparing the page" />
        </Center>
      )}
    </Page>
  );
}
