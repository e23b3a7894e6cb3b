//! The target `policy` for cargo-fuzz. Not the target itself: that is in `crates/xtask/src/targets.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| keylint_xtask::targets::policy(data));
