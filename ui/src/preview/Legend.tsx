import type { PreviewedText, TrainingPreview } from "../bindings";
import { formatNumber } from "../format/numbers";
import { plural } from "../format/texts";
import css from "./Preview.module.css";

/** The total length, and what the marks in the text mean. */
export function Legend({ preview, limit }: { preview: TrainingPreview | undefined; limit: number | null }) {
  const texts = preview?.rows.flatMap((row) => row.texts) ?? [];
  const total = texts.reduce((sum, { tokens }) => sum + tokens.count, 0);
  const exact = texts.every(({ tokens }) => tokens.exact);
  // Answers that are compared are cut one by one.
  const kept = limit !== null && !texts.some(({ part }) => part === "rejected");
  const learns = texts.some(({ loss }) => loss.length > 0);
  const cut = texts.some(({ cut }) => cut !== null);
  return (
    <div className={css.legend}>
      {texts.length > 0 && (
        <span role="status" className="tabular">
          {exact ? "" : "About "}
          {plural(total, "token")} in all
          {kept && `, ${formatNumber(limit)} are kept`}
          {cut && ", the rest is cut off"}
        </span>
      )}
      {learns && (
        <span>
          <mark className={css.learned}>Shaded and underlined</mark>: {marked(texts)}
        </span>
      )}
      {preview?.by_transformers && (
        <span>Rendered by Transformers, because this program can't render the template</span>
      )}
      {preview?.tokenizer_problem && <span>{preview.tokenizer_problem.message}</span>}
    </div>
  );
}

/** What the loss is measured on, by what the rows have. */
function marked(texts: PreviewedText[]): string {
  const has = (part: string) => texts.some((text) => text.part === part);
  if (has("rejected")) return "the answers that are compared";
  return "what the model learns to write";
}
