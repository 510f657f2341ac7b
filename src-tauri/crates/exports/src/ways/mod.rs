//! What is particular to each way.

mod merge;

use run_folder::export::Way;

use crate::draft::Draft;

/// The name of a result that the request does not name.
pub(crate) fn default_name(way: &Way, row: &str) -> String {
    match way {
        Way::Merge(_) => format!("{row} merged"),
    }
}

/// Adds to a plan what is particular to its way.
pub(crate) fn plan(draft: &mut Draft<'_>, way: &Way) {
    match way {
        Way::Merge(settings) => merge::plan(draft, settings),
    }
}
