import { SegmentedControl, Select } from "@mantine/core";

type Props = {
  choices: { value: string; label: string }[];
  value: string;
  onChoose: (value: string) => void;
};

/** Choices that fit beside the title of a chart. */
const FEW = 4;

/** What is drawn: a preference training has more measures than fit in a line. */
export function MeasureChoice({ choices, value, onChoose }: Props) {
  const label = "What is drawn";
  if (choices.length < 2) return null;
  if (choices.length <= FEW) {
    return <SegmentedControl size="xs" aria-label={label} data={choices} value={value} onChange={onChoose} />;
  }
  return (
    <Select
      size="xs"
      w={240}
      aria-label={label}
      data={choices}
      value={value}
      onChange={(chosen) => chosen && onChoose(chosen)}
      allowDeselect={false}
    />
  );
}
