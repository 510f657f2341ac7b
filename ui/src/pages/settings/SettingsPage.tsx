import { Stack } from "@mantine/core";
import { Page } from "../../components/Page";
import { About } from "./About";
import { Appearance } from "./Appearance";
import { Axolotl } from "./Axolotl";
import { Folders } from "./Folders";
import { Gguf } from "./Gguf";
import { HuggingFace } from "./HuggingFace";
import { Python } from "./Python";

export function SettingsPage() {
  return (
    <Page title="Settings">
      <Stack gap={24} maw={720}>
        <Appearance />
        <Python />
        <Axolotl />
        <Gguf />
        <HuggingFace />
        <Folders />
        <About />
      </Stack>
    </Page>
  );
}
