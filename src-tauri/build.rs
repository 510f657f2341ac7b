//! Checks the capabilities and makes the window's resources.

fn main() {
    tauri_build::build();
}
