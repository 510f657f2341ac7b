import { Loader } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle, IconCircleCheck, IconCloudOff } from "@tabler/icons-react";
import { useHubInfo } from "../../api/hub";
import type { HubAnswer, HubKind } from "../../bindings";
import type { NoteProps } from "../../components/form/notes";
import css from "../../components/weights/Weights.module.css";
import { factsLine } from "./hubFacts";

/** The Hub's answer about a typed name, after a pause. It never prevents saving. */
export function HubNote({ kind, name }: { kind: HubKind; name: string }) {
  const typed = name.trim();
  const [settled] = useDebouncedValue(typed, 500);
  // An incomplete name is not worth a request.
  const asked = settled === typed && /^[\w.-]+(\/[\w.-]+)?$/.test(typed) ? typed : "";
  const { data: answer, isFetching } = useHubInfo(kind, asked);
  return (
    <div className={css.note} role="status">
      {isFetching && !answer && (
        <p className={css.line}>
          <Loader size={14} aria-hidden />
          <span>Checking on the Hub…</span>
        </p>
      )}
      {answer && <Answer answer={answer} />}
    </div>
  );
}

export function Answer({ answer }: { answer: HubAnswer }) {
  const { standing, message, hint, facts } = answer;
  const state = standing === "found" ? "there" : standing === "not_found" ? "incomplete" : "hub";
  const Icon =
    state === "there" ? IconCircleCheck : state === "incomplete" ? IconAlertTriangle : IconCloudOff;
  const open = standing === "offline" || standing === "unreachable";
  return (
    <>
      <p className={css.line} data-state={state}>
        <Icon size={15} stroke={1.8} aria-hidden />
        <span>
          {message} {hint} {open && "You can save it anyway and verify it later."}
        </span>
      </p>
      {facts && <p className={css.known}>{factsLine(facts)}</p>}
    </>
  );
}

/** The note below a Hub name, for a kind and its column. */
export const hubNote = (kind: HubKind, column: string) =>
  function Note({ values }: NoteProps) {
    return <HubNote kind={kind} name={values[column] ?? ""} />;
  };
