import { Badge, Text } from "@mantine/core";
import type { Fit, HubResult } from "../../bindings";
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
      <span className={css.task}>{found.task}</span>
      <span className={css.number}>{countOf(found)}</span>
      <span className={css.number}>{bytesOf(found)}</span>
      <span className={css.license}>{found.license}</span>
      <span className={css.downloads}>{downloadsOf(found)}</span>
    </li>
  );
}
