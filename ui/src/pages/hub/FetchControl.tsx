import type { CachedKind, CachedState } from "../../bindings";
import { FetchButton } from "../../components/transfers/FetchButton";

type Props = { kind: CachedKind; name: string; cached: CachedState | null };

/** Fetches a repository into the local cache, unless it is complete there. */
export function FetchControl({ kind, name, cached }: Props) {
  if (cached === "complete") return null;
  return <FetchButton kind={kind} name={name} label={cached ? "Fetch the rest" : "Fetch"} />;
}
