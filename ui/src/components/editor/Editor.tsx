import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import CodeMirror, { type BasicSetupOptions } from "@uiw/react-codemirror";
import { useMemo } from "react";
import { heightOf } from "./height";
import { type Place, problemMarks } from "./problems";
import { look } from "./theme";

export type Language = "json" | "yaml" | "text";

export type EditorProps = {
  value: string;
  onChange?: (text: string) => void;
  language?: Language;
  /** Places to underline. Their message is shown on hover and by F8. */
  problems?: Place[];
  readOnly?: boolean;
  /** The editor grows with its text between these numbers of lines. */
  minRows?: number;
  maxRows?: number;
  /** Attributes of the editable element, such as its name, its description or `data-field`. */
  attributes?: Record<string, string>;
  /** More CodeMirror extensions. A new array configures the editor again, so keep its identity. */
  extensions?: Extension[];
  /** Called once with the created view. */
  onView?: (view: EditorView) => void;
};

const none: never[] = [];

const languages: Record<Language, Extension> = { json: json(), yaml: yaml(), text: [] };

const setup = (language: Language): BasicSetupOptions => ({
  lineNumbers: language !== "text",
  foldGutter: language !== "text",
  bracketMatching: language !== "text",
  // Templates contain single braces, which closing brackets would double.
  closeBrackets: false,
  highlightActiveLine: false,
  highlightActiveLineGutter: false,
  highlightSelectionMatches: false,
  allowMultipleSelections: false,
  rectangularSelection: false,
  crosshairCursor: false,
  autocompletion: false,
  searchKeymap: false,
});

/** Loaded by `CodeEditor`; use that one. Tab leaves the editor, as it leaves any other field. */
export default function Editor(props: EditorProps) {
  const { value, onChange, language = "text", problems = none, extensions = none, attributes } = props;
  const attributeText = JSON.stringify(attributes ?? {});
  const all = useMemo(
    () => [
      languages[language],
      EditorView.lineWrapping,
      EditorView.contentAttributes.of(JSON.parse(attributeText)),
      problemMarks(language, problems),
      // Ctrl+Enter submits the form around the editor.
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => true }])),
      look,
      extensions,
    ],
    [language, problems, extensions, attributeText],
  );
  const basicSetup = useMemo(() => setup(language), [language]);
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      onCreateEditor={props.onView}
      readOnly={props.readOnly}
      editable={!props.readOnly}
      minHeight={`${heightOf(props.minRows ?? 4)}px`}
      maxHeight={`${heightOf(props.maxRows ?? 20)}px`}
      indentWithTab={false}
      basicSetup={basicSetup}
      extensions={all}
      theme="none"
    />
  );
}
