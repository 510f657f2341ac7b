import { Button, Text } from "@mantine/core";
import type { LengthReport } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import type { Training } from "../useTraining";
import css from "./Lengths.module.css";

type Props = { training: Training; lengths: LengthReport };

/** The limit that leaves nearly all rows whole, and a button that takes it over. */
export function SuggestedLimit({ training, lengths: { suggested, longest, limit } }: Props) {
  const whole =
    longest <= suggested ? "All rows stay whole." : "99 of 100 rows stay whole, or the model takes no more.";
  return (
    <div className={css.suggested}>
      <Text size="sm">
        Suggested: <b className="tabular">{formatNumber(suggested)}</b>. {whole}
      </Text>
      {limit !== suggested && (
        <Button
          variant="default"
          size="compact-sm"
          disabled={!training.plan}
          onClick={() => training.setSetting("training_arguments_config", "max_length", String(suggested))}
        >
          Use this limit
        </Button>
      )}
    </div>
  );
}
