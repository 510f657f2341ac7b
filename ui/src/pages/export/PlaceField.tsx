import { Button, Group, TextInput } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { fieldProps, type PageFields } from "../../components/form/fieldProps";
import { inSentence } from "../../format/texts";
import { pickFolder } from "../../platform";
import css from "../starting/Start.module.css";

type Props = {
  page: PageFields;
  label: string;
  /** The end of a file's name, such as ".gguf"; none for a folder. */
  ending?: string;
};

/** Where a result is written: a new folder or file in a folder that is picked. */
export function PlaceField({ page, label, ending = "" }: Props) {
  const [, remember] = useLocalStorage<string>({ key: "export-folder", defaultValue: "" });
  const browse = async () => {
    const folder = await pickFolder();
    if (!folder) return;
    remember(folder);
    page.set("to", join(folder, fileNameOf(page.values.name ?? "") + ending));
  };
  return (
    <TextInput
      {...fieldProps(page, "to", label)}
      className={css.wide}
      autoComplete="off"
      spellCheck={false}
      placeholder={ending ? "A file that does not exist yet" : "A folder that does not exist yet"}
      inputContainer={(input) => (
        <Group gap={8} wrap="nowrap" align="stretch">
          <div style={{ flex: 1 }}>{input}</div>
          <Button
            variant="default"
            h={32}
            onClick={() => void browse()}
            aria-label={`Browse for ${inSentence(label)}`}
          >
            Browse…
          </Button>
        </Group>
      )}
    />
  );
}

/** A path in a folder, in the way of the folder's own system. */
export function join(folder: string, name: string): string {
  const separator = folder.includes("\\") && !folder.includes("/") ? "\\" : "/";
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/** A name as that of a file: what some system can't have in one becomes a hyphen. */
export function fileNameOf(name: string): string {
  const safe = name
    .trim()
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return safe || "model";
}
