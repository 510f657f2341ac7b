import type { CachedKind } from "../../bindings";
import { FetchButton } from "../../components/transfers/FetchButton";

type Props = { kind: CachedKind; name: unknown; isHere: boolean };

/** A button that fetches weights of the Hub that are not complete on this machine. */
export function FetchWeights({ kind, name, isHere }: Props) {
  if (isHere || typeof name !== "string" || name === "") return null;
  return <FetchButton kind={kind} name={name} />;
}
