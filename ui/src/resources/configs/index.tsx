import { lazy, Suspense } from "react";
import type { FormProps } from "../../components/form/useRowForm";
import type { ResourceExtras } from "../registry";
import { ConfigDetail } from "./ConfigDetail";
import { CompareSelected } from "./compare/CompareSelected";

const ConfigForm = lazy(() => import("./form/ConfigForm"));

/** Loaded with the editor when it is first opened. */
function Form(props: FormProps) {
  return (
    <Suspense>
      <ConfigForm {...props} />
    </Suspense>
  );
}

export const configs: ResourceExtras = {
  codeLanguage: ({ type }) => (type === "axolotl" ? "yaml" : "json"),
  formDefaults: { type: "training_arguments" },
  form: Form,
  detail: ConfigDetail,
  forSelection: CompareSelected,
};
