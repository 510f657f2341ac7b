import { Button, Center, Group, Loader, Text } from "@mantine/core";
import { IconArrowBarToDown } from "@tabler/icons-react";
import { useMemo } from "react";
import { toAppError } from "../../../api/errors";
import { Refusal } from "../../../components/Refusal";
import { formatBytes } from "../../../format/numbers";
import css from "./Log.module.css";
import { LogLine } from "./LogLine";
import { LogSearchField } from "./LogSearchField";
import { before, linesOf } from "./parts";
import { useLog } from "./useLog";
import { useLogScroll } from "./useLogScroll";
import { useLogSearch } from "./useLogSearch";

/** The log of a run. */
export function RunLog({ id, live }: { id: string; live: boolean }) {
  const { log, known, error, loadEarlier, loading, follow: onFollow } = useLog(id);
  const lines = useMemo(() => linesOf(log), [log]);
  const firstByte = before(log);
  const { scroller, rows, following, follow, showLine, handlers } = useLogScroll({
    lines,
    firstByte,
    onFollow,
  });
  const search = useLogSearch(lines, showLine);
  if (error && !known) return <Refusal m={12} error={toAppError(error)} />;
  return (
    <div className={css.log}>
      <Group gap={8} wrap="nowrap" className={css.bar}>
        <LogSearchField search={search} />
        <Text size="xs" c="dimmed" ml="auto" className="tabular">
          {log.size > 0 && formatBytes(log.size)}
        </Text>
        {firstByte > 0 && (
          <Button variant="default" size="compact-xs" loading={loading} onClick={() => void loadEarlier()}>
            Load earlier
          </Button>
        )}
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconArrowBarToDown size={13} />}
          aria-pressed={following}
          data-on={following || undefined}
          onClick={() => follow(!following)}
        >
          {following ? "Following" : "Follow"}
        </Button>
      </Group>
      {!known && (
        <Center h={80}>
          <Loader size="sm" aria-label="Reading the log" />
        </Center>
      )}
      {known && lines.length === 0 && (
        <Text size="sm" c="dimmed" p={16}>
          {live ? "No output yet." : "There was no output."}
        </Text>
      )}
      <div
        ref={scroller}
        className={css.scroll}
        role="log"
        aria-label="Log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard
        tabIndex={0}
        {...handlers}
      >
        <div className={css.lines} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <LogLine
              key={index}
              text={lines[index] ?? ""}
              words={search.text}
              current={index === search.currentLine}
              top={start}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
