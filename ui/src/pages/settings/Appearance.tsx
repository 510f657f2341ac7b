import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { Panel } from "../../components/Panel";

const schemes: { value: MantineColorScheme; label: string }[] = [
  { value: "auto", label: "Like the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** The color scheme, stored on this computer. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel title="Appearance" about="Holds for this computer, whichever workspace is open.">
      <SegmentedControl
        aria-label="Theme"
        data={schemes}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as MantineColorScheme)}
      />
    </Panel>
  );
}
