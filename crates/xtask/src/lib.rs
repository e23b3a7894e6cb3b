//! What fuzzing runs: the target functions, shared by the stable gate (`cargo xtask test`), the long runs
//! (`cargo xtask fuzz`) and cargo-fuzz (`fuzz/`). Not here: the tasks themselves, which are the binary.

pub mod targets;
