import css from "./PathText.module.css";

/** A path that is truncated at its beginning, so that the file name stays visible. */
export function PathText({ path }: { path: string }) {
  return (
    <span className={css.path} title={path}>
      <bdi dir="ltr">{path}</bdi>
    </span>
  );
}
