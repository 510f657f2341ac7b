import { Badge } from "@mantine/core";

const colors = ["indigo", "teal", "grape", "orange", "cyan", "pink", "lime", "violet", "yellow", "blue"];

/** The color of a tag: a hash of its lowercase letters. */
function colorOf(tag: string): string {
  let sum = 0;
  for (const letter of tag.toLowerCase()) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return colors[sum % colors.length] ?? "gray";
}

export function Tag({ tag }: { tag: string }) {
  return (
    <Badge
      size="sm"
      variant="default"
      tt="none"
      fw={500}
      maw={160}
      leftSection={
        <span
          aria-hidden
          style={{
            display: "block",
            width: 7,
            height: 7,
            borderRadius: 4,
            background: `var(--mantine-color-${colorOf(tag)}-6)`,
          }}
        />
      }
      title={tag}
    >
      {tag}
    </Badge>
  );
}

/** The tags that fit on one line. */
export function Tags({ tags }: { tags: string[] }) {
  return (
    <span style={{ display: "flex", gap: 4, overflow: "hidden", alignItems: "center" }}>
      {tags.map((tag) => (
        <Tag key={tag} tag={tag} />
      ))}
    </span>
  );
}
