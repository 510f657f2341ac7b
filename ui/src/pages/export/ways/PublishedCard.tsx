import { Button, Group, Textarea } from "@mantine/core";

type Props = {
  /** The card that is made of the rows, once it is known. */
  made: string | undefined;
  /** The card as it was changed; null while it was not. */
  card: string | null;
  problem: string | undefined;
  change: (card: string | null) => void;
};

/** The card of the repository, as it is made of the rows, for changes. */
export function PublishedCard({ made, card, problem, change }: Props) {
  return (
    <>
      <Textarea
        mt={14}
        label="Card"
        description="The README of the repository. The Hub reads the lines between ---."
        data-field="card"
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
        value={card ?? made ?? ""}
        error={problem}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      />
      {card !== null && (
        <Group justify="flex-end" mt={6}>
          <Button variant="default" size="xs" onClick={() => change(null)}>
            Use the card made of the rows
          </Button>
        </Group>
      )}
    </>
  );
}
