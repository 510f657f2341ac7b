import { IconPlayerPlay } from "@tabler/icons-react";
import type { RowAction } from "../../components/RowMenu";
import type { Go } from "../registry";

/** Opens the start page of a training with a row filled in. */
export function trainWith(chosen: { dataset?: string; model?: string; prompt?: string }, go: Go): RowAction {
  return {
    label: "Train with this…",
    icon: IconPlayerPlay,
    run: () => void go({ to: "/training/start", search: chosen }),
  };
}
