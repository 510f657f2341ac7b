//! `cargo xtask fuzz archive`

#![no_main]

use fuzz::Target;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::check_or_abort(Target::Archive, input));
