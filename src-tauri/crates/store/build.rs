//! A new migration is a reason to build again: `sqlx::migrate!` reads the folder at that time.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
