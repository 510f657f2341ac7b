//! Rules about folders and names on the Hugging Face Hub.

use std::path::Path;

use schema::Check;

use crate::hub_name::is_hub_name;

/// Refuses a new location that is not an existing folder.
pub(crate) fn check_folder(check: &mut Check<'_>, column: &str, location: Option<&str>) {
    let Some(location) = location.filter(|_| check.touches(&[column])) else { return };
    let path = Path::new(location);
    if !path.exists() {
        check.refuse(column, format!("The folder {location} does not exist."));
    } else if !path.is_dir() {
        check.refuse(column, format!("{location} is a file; a folder is needed."));
    }
}

/// Refuses a new name that can't be that of a repository on the Hub.
pub(crate) fn check_hub_name(check: &mut Check<'_>, column: &str, name: Option<&str>) {
    let Some(name) = name.filter(|_| check.touches(&[column])) else { return };
    if !is_hub_name(name) {
        check.refuse(
            column,
            format!("'{name}' is not a Hub name. Write it as organization/name, without the address."),
        );
    }
}
