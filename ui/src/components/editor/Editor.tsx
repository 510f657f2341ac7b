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
  /** Wrong or doubtful places, underlined, with their message on hover and by F8. */
  problems?: Place[];
  readOnly?: boolean;
  /** It is as high as its text, between these. */
  minRows?: number;
  maxRows?: number;
  /** Attributes of the element that is typed into: its name, its description, `data-field`. */
  attributes?: Record<string, string>;
  /** More of CodeMirror. Keep the array's identity, or the editor is set up anew on each render. */
  extensions?: Extension[];
  /** Called with the view once it stands. */
  onView?: (view: EditorView) => void;
};

const none: never[] = [];

const languages: Record<Language, Extension> = { json: json(), yaml: yaml(), text: [] };

const setup = (language: Language): BasicSetupOptions => ({
  lineNumbers: language !== "text",
  foldGutter: language !== "text",
  bracketMatching: language !== "text",
  // What is typed is what stands there.
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
      // Ctrl+Enter belongs to the form around it.
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
