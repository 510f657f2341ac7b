import { Fragment, useMemo } from "react";
import type { PreviewedText } from "../bindings";
import { formatNumber } from "../format/numbers";
import css from "./Preview.module.css";
import { type Segment, segmentsOf } from "./segments";

type Props = {
  label: string;
  text: PreviewedText;
  special: string[];
  /** The number of tokens that are kept. */
  limit: number | null;
};

/** The text that the model reads, with what it learns and what is cut off. */
export function ExactText({ label, text, special, limit }: Props) {
  const segments = useMemo(() => segmentsOf(text, special), [text, special]);
  const first = segments.findIndex(({ cut }) => cut);
  return (
    <div role="group" aria-label={label}>
      <pre className={css.exact}>
        {segments.map((segment, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity
          <Fragment key={at}>
            {at === first && (
              <span className={css.limit}>
                {limit === null ? "Cut off here" : `Cut off here, at ${formatNumber(limit)} tokens`}
              </span>
            )}
            <Piece segment={segment} />
          </Fragment>
        ))}
      </pre>
    </div>
  );
}

function Piece({ segment: { text, learned, cut, special } }: { segment: Segment }) {
  const shown = special ? <span className={css.special}>{text}</span> : text;
  // What is cut off is not learned.
  if (cut) return <del className={css.behind}>{shown}</del>;
  return learned ? <mark className={css.learned}>{shown}</mark> : shown;
}
