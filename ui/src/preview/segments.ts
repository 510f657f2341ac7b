// A rendered text in pieces that look alike. Positions count code points, as in the rows of a run.

export type Segment = {
  text: string;
  /** Whether the model learns to write it. */
  learned: boolean;
  /** Whether it is behind the limit of tokens. */
  cut: boolean;
  /** Whether it is one token with a meaning of its own, such as the end of a turn. */
  special: boolean;
};

type Rendered = { text: string; loss: [number, number][]; cut: number | null };

/** `special` are the texts of the special tokens. */
export function segmentsOf({ text, loss, cut }: Rendered, special: string[]): Segment[] {
  const points = Array.from(text);
  const tokens = special.filter((token) => token !== "").map((token) => Array.from(token));
  const segments: Segment[] = [];
  let range = 0;
  for (let at = 0; at < points.length; ) {
    while (range < loss.length && (loss[range]?.[1] ?? 0) <= at) range++;
    const learned = range < loss.length && (loss[range]?.[0] ?? 0) <= at;
    const behind = cut !== null && at >= cut;
    const token = longest(tokens.filter((token) => token.every((point, n) => points[at + n] === point)));
    const length = token?.length ?? 1;
    add(segments, {
      text: points.slice(at, at + length).join(""),
      learned,
      cut: behind,
      special: token !== undefined,
    });
    at += length;
  }
  return segments;
}

function longest(tokens: string[][]): string[] | undefined {
  return tokens.reduce<string[] | undefined>(
    (best, token) => (best && best.length >= token.length ? best : token),
    undefined,
  );
}

/** Joins a piece with the one before it, unless one of them is a token of its own. */
function add(segments: Segment[], next: Segment): void {
  const last = segments.at(-1);
  const joined =
    last && !last.special && !next.special && last.learned === next.learned && last.cut === next.cut;
  if (joined) last.text += next.text;
  else segments.push(next);
}
