import type { CachedKind, Place } from "../../bindings";
import { FetchButton } from "../../components/transfers/FetchButton";

type Props = { kind: CachedKind; name: unknown; place: Place | undefined };

/** A button that fetches weights, where they are on the hub and not complete on this machine. */
export function FetchWeights({ kind, name, place }: Props) {
  const isThere = place === undefined || place.state === "there";
  if (isThere || typeof name !== "string" || name === "") return null;
  return <FetchButton kind={kind} name={name} />;
}
