import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { toAppError } from "../../api/errors";
import { keys } from "../../api/store";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";

type Props<Request, Initial> = {
  title: string;
  /** Distinguishes the start pages in the cache. */
  what: string;
  /** The parameters of the page's address. */
  request: Request;
  load: (request: Request) => Promise<Initial>;
  children: (initial: Initial) => ReactNode;
};

/** Loads the initial values of a start page. */
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
    // Loaded again, initial values would replace typed ones.
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
