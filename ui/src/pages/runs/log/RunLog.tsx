import { ActionIcon, Button, Center, Group, Loader, Text, TextInput, Tooltip } from "@mantine/core";
import { IconArrowBarToDown, IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { toAppError } from "../../../api/errors";
import { Refusal } from "../../../components/Refusal";
import { formatBytes, formatNumber } from "../../../format/numbers";
import css from "./Log.module.css";
import { LogLine } from "./LogLine";
import { before, linesOf } from "./parts";
import { useLog } from "./useLog";

const LINE = 18;
/** So near the end, a person means to see it. */
const NEAR = 2 * LINE;

/** The log of a run: it follows, unless someone scrolls up, and can be searched. */
export function RunLog({ id, live }: { id: string; live: boolean }) {
  const { log, known, error, loadEarlier, loading, follow } = useLog(id, live);
  const lines = useMemo(() => linesOf(log), [log]);
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const matches = useMemo(() => found(lines, words), [lines, words]);
  const current = matches.length > 0 ? matches[Math.min(at, matches.length - 1)] : undefined;
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const setFollow = (yes: boolean) => {
    setFollowing(yes);
    follow(yes);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are the reason to go to their end
  useLayoutEffect(() => {
    if (following && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: "end" });
  }, [lines, following]);
  // Lines that came before those on screen must not push them away.
  const first = before(log);
  const held = useRef({ first, count: lines.length });
  useLayoutEffect(() => {
    const { first: was, count } = held.current;
    held.current = { first, count: lines.length };
    if (first < was && scroller.current) scroller.current.scrollTop += (lines.length - count) * LINE;
  }, [first, lines.length]);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (atEnd !== following && (atEnd || userMoved.current)) setFollow(atEnd);
  };
  // Only a person's own scrolling stops the log from following, not its growing.
  const userMoved = useRef(false);
  const moved = () => {
    userMoved.current = true;
  };

  const show = (index: number) => {
    if (matches.length === 0) return;
    const next = (index + matches.length) % matches.length;
    setAt(next);
    setFollow(false);
    rows.scrollToIndex(matches[next] ?? 0, { align: "center" });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") show(at + (event.shiftKey ? -1 : 1));
    else if (event.key === "Escape" && words) setWords("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onType = (typed: string) => {
    setWords(typed);
    const next = found(lines, typed);
    // The last match is the one that matters in a log, and it is the nearest to its end.
    const last = Math.max(0, next.length - 1);
    setAt(last);
    if (next.length > 0) {
      setFollow(false);
      rows.scrollToIndex(next[last] ?? 0, { align: "center" });
    }
  };

  if (error && !known) return <Refusal m={12} error={toAppError(error)} />;
  return (
    <div className={css.log}>
      <Group gap={8} wrap="nowrap" className={css.bar}>
        <TextInput
          size="xs"
          w={220}
          type="search"
          aria-label="Search the log"
          placeholder="Search the log"
          leftSection={<IconSearch size={14} stroke={1.6} />}
          value={words}
          onChange={({ currentTarget }) => onType(currentTarget.value)}
          onKeyDown={onKey}
        />
        {words && (
          <>
            <Text size="xs" className="tabular" role="status">
              {matches.length === 0
                ? "No match"
                : `${formatNumber(Math.min(at, matches.length - 1) + 1)} of ${formatNumber(matches.length)}`}
            </Text>
            <Tooltip label="Previous match (Shift Enter)">
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label="Previous match"
                onClick={() => show(at - 1)}
              >
                <IconChevronUp size={15} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Next match (Enter)">
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label="Next match"
                onClick={() => show(at + 1)}
              >
                <IconChevronDown size={15} />
              </ActionIcon>
            </Tooltip>
          </>
        )}
        <Text size="xs" c="dimmed" ml="auto" className="tabular">
          {log.size > 0 && formatBytes(log.size)}
        </Text>
        {first > 0 && (
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
          onClick={() => setFollow(!following)}
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
          {live ? "Nothing is printed yet." : "Nothing was printed."}
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
        onScroll={onScroll}
        onWheel={moved}
        onPointerDown={moved}
        onKeyDown={moved}
      >
        <div className={css.lines} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <LogLine
              key={index}
              text={lines[index] ?? ""}
              words={words}
              current={index === current}
              top={start}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function found(lines: string[], words: string): number[] {
  const wanted = words.toLowerCase();
  if (!wanted) return [];
  return lines.flatMap((line, at) => (line.toLowerCase().includes(wanted) ? [at] : []));
}
