import { Badge, Text, VisuallyHidden } from "@mantine/core";
import type { CachedKind, Fit, HubKind, HubResult } from "../../bindings";
import { RowLink } from "../../components/RowLink";
import css from "./Hub.module.css";
import { bytesOf, cachedLabels, countOf, downloadsOf, fitLabels } from "./resultTexts";
import { formatLabel } from "./search";

const fitColors: Record<Fit, string> = { fits: "teal", fits_quantized: "blue", too_large: "gray" };

type Props = { result: HubResult; open: boolean; onOpen: () => void };

/** A line of the results. The whole line opens it; the keyboard reaches its button. */
export function ResultRow({ result, open, onOpen }: Props) {
  const { found, fit, cached, row } = result;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button in the line does the same
    <li className={css.row} data-open={open || undefined} onClick={onOpen}>
      <div className={css.name}>
        <button
          type="button"
          data-result
          className={css.open}
          aria-pressed={open}
          onClick={(event) => {
            event.stopPropagation();
            onOpen();
          }}
        >
          {found.name}
        </button>
        <div className={css.badges}>
          {fit && (
            <Badge size="sm" variant="light" color={fitColors[fit]}>
              {fitLabels[fit]}
            </Badge>
          )}
          {found.gated && (
            <Badge size="sm" variant="light" color="orange">
              Access on request
            </Badge>
          )}
          {found.private && (
            <Badge size="sm" variant="light" color="gray">
              Private
            </Badge>
          )}
          {found.formats
            .filter((format) => format === "gguf" || format === "peft")
            .map((format) => (
              <Badge key={format} size="sm" variant="default">
                {formatLabel(format)}
              </Badge>
            ))}
          {cached && (
            <Text size="xs" c="dimmed" component="span">
              {cachedLabels[cached]}
            </Text>
          )}
          {row && (
            <RowLink table={row.table} id={row.id} size="xs">
              In the studio
            </RowLink>
          )}
        </div>
      </div>
      <Cell name="Task" className={css.task} value={found.task} />
      <Cell name={countName(found.kind)} className={css.number} value={countOf(found)} />
      <Cell name="Size" className={css.number} value={bytesOf(found)} />
      <Cell name="License" className={css.license} value={found.license} />
      <Cell name="Downloads" className={css.downloads} value={downloadsOf(found)} />
    </li>
  );
}

type CellProps = { name: string; className: string | undefined; value: string | null };

/** A value under its heading, which screen readers get with it. */
function Cell({ name, className, value }: CellProps) {
  return (
    <span className={className} title={value || undefined}>
      {value && <VisuallyHidden>{name} </VisuallyHidden>}
      {value}
    </span>
  );
}

/** The headings of the columns. */
export function ResultHead({ kind }: { kind: HubKind }) {
  return (
    <div className={css.head} aria-hidden>
      <span>Name</span>
      <span className={css.task}>Task</span>
      <span className={css.number}>{countName(kind)}</span>
      <span className={css.number}>Size</span>
      <span className={css.license}>License</span>
      <span className={css.downloads}>Downloads</span>
    </div>
  );
}

const countName = (kind: CachedKind) => (kind === "dataset" ? "Rows" : "Parameters");
