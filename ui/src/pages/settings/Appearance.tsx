import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { Panel } from "../../components/Panel";

const schemes: { value: MantineColorScheme; label: string }[] = [
  { value: "auto", label: "Same as the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** The color scheme, stored on this computer. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel title="Appearance" about="Applies to this computer, whichever workspace is open.">
      <SegmentedControl
        aria-label="Theme"
        data={schemes}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as MantineColorScheme)}
      />
    </Panel>
  );
}
