import { Page } from "../../components/Page";
import { AboutFile } from "./AboutFile";
import { Archive } from "./Archive";
import { Backups } from "./backups/Backups";
import { Check } from "./Check";
import css from "./Database.module.css";
import { Export } from "./Export";
import { Import } from "./Import";

export function DatabasePage() {
  return (
    <Page title="Database" about="The file that contains everything in this workspace.">
      <div className={css.columns}>
        <div className={css.column}>
          <Import />
          <Export />
          <Archive />
          <Backups />
          <Check />
        </div>
        <AboutFile />
      </div>
    </Page>
  );
}
