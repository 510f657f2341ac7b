import { Stack } from "@mantine/core";
import { Page } from "../components/Page";
import { About } from "./settings/About";
import { Appearance } from "./settings/Appearance";
import { Folders } from "./settings/Folders";
import { HuggingFace } from "./settings/HuggingFace";
import { Python } from "./settings/Python";

export function SettingsPage() {
  return (
    <Page title="Settings">
      <Stack gap={24} maw={720}>
        <Appearance />
        <Python />
        <HuggingFace />
        <Folders />
        <About />
      </Stack>
    </Page>
  );
}
