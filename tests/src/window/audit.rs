//! What axe, the checker of accessible pages, finds on a page as it is shown.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Window;

/// Runs axe and returns its findings.
const AUDIT: &str = include_str!("audit.js");

impl Window {
    /// Everything serious or critical that axe finds now, a line each.
    pub async fn audit(&self) -> Vec<String> {
        // Asked when it runs: a build that is kept may have been made in another folder.
        let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
        let axe = Path::new(&package).join("../ui/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(axe).expect("axe is there: `cargo xtask test` installs it");
        self.client.execute(&axe, Vec::new()).await.expect("axe can be put on the page");
        let answer = self.client.execute_async(AUDIT, Vec::new()).await.expect("axe answers");
        let Value::Array(found) = answer else { panic!("axe answers with a list, not {answer}") };
        found.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }
}
